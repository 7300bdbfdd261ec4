"""Places of records, as briefly as tests need them."""

from __future__ import annotations

from textwire.wire.record import LogPlace


def at(offset: int, epoch: int = 1) -> LogPlace:
    """An offset, under one leader as long as nothing else is said."""
    return LogPlace(epoch, offset)
