"""How far an axis of times goes, so that a few wild ones do not flatten all others.

A record's wait is told from the date that its producer gave it, and a date can be days off.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from dashboards.wording import milliseconds

# Up to a minute every time is drawn, however slow it is beside the others.
ALWAYS_DRAWN_MS = 60_000.0
# In a backlog all records have waited long: what is usual then is drawn too.
TIMES_THE_USUAL = 3.0


def axis_top(values_ms: Sequence[float], usual_ms: Sequence[float]) -> float | None:
    """The longest time that is drawn; None where all are.

    Args: usual_ms: medians, some of which may be wild themselves, but not most.
    """
    if not usual_ms:
        return None
    most = max(ALWAYS_DRAWN_MS, TIMES_THE_USUAL * median(usual_ms))
    drawn = [value for value in values_ms if value <= most]
    return max(drawn, default=most) if len(drawn) < len(values_ms) else None


def beyond_words(values_ms: Sequence[float], top_ms: float | None) -> str:
    """What is not drawn: ` · up to 3 d 2 h, beyond the axis`; nothing where all is."""
    return "" if top_ms is None else f" · up to {milliseconds(max(values_ms))}, beyond the axis"
