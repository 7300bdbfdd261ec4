"""Counts that fade without being touched: each is added with a weight that grows with its time.

    added = UNITS * 2^((at - EPOCH) / HALF_LIFE)

Two counts compare as if both had faded until now, whenever now is: what is read of a log that was
replayed years later is what was read on its last day. Whole numbers add up in any order.

Source: Cormode et al. 2009, "Forward decay: a practical time decay model for streaming systems".
"""

from __future__ import annotations

import math
from datetime import UTC, datetime

# Long enough for what is bought once a year, and for a sum of thousands to fit 64 bits until 2036.
HALF_LIFE_DAYS = 365.25
EPOCH = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
UNITS = 1_000
DAY_S = 24 * 60 * 60


def decayed_units(at_s: float) -> int:
    """What one event of then adds: seconds since 1970 to whole units, at least 1."""
    half_lives = (at_s - EPOCH) / (HALF_LIFE_DAYS * DAY_S)
    return max(1, round(UNITS * math.exp2(min(half_lives, 40.0))))
