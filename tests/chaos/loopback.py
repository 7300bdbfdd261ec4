"""An address of loopback for each run: whatever else runs here, its ports are free."""

from __future__ import annotations

import random
import sys


def own_address() -> str:
    """All of 127.0.0.0/8 is loopback on Linux; elsewhere only its first address is sure to be."""
    if not sys.platform.startswith("linux"):
        return "127.0.0.1"
    draw = random.SystemRandom()
    return f"127.{draw.randint(1, 254)}.{draw.randint(0, 254)}.{draw.randint(1, 254)}"


LOOPBACK = own_address()
