"""What made an artifact, in one hash: the same again need not be made again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import msgspec


def fingerprint(data: Mapping[str, str], base: str, settings: Mapping[str, object]) -> str:
    """The sha256 of the data's hashes, the base model's and the settings, in hexadecimal."""
    content = msgspec.json.encode([data, base, settings], order="deterministic")
    return hashlib.sha256(content).hexdigest()


def version_name(made_at: datetime, made_from: str) -> str:
    """The folder's name: names sort by time, and tell what was made from what."""
    return f"{made_at:%Y%m%dT%H%M%SZ}-{made_from[:8]}"
