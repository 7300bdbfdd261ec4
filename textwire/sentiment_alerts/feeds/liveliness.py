"""Whether a feed is dead: it answers with errors for long, or with nothing new for unusually long.

What is usual is a feed's own, by its articles' times: the longest gap between two in eight weeks,
so that weekends are in it, and their mean. A feed is silent after twice the longest or ten times
the mean, whichever is more, and never within a day: of gaps by chance alone (exponential ones) one
in 20,000 is as long. Until 20 gaps over a fortnight are known, silence is a fortnight.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from textwire.sentiment_alerts.feeds.state import FeedState
from textwire.sentiment_alerts.messages import FeedCondition

FAILING_AFTER = timedelta(hours=1)
FEWEST_FAILURES = 3
SILENT_AT_LEAST = timedelta(days=1)
# Also how long a feed must be known for its gaps to be.
UNKNOWN_SILENT_AFTER = timedelta(days=14)
FEWEST_GAPS = 20
TIMES_LONGEST, TIMES_MEAN = 2.0, 10.0


def condition_of(state: FeedState, now: datetime) -> FeedCondition:
    """How a feed is doing."""
    if state.failing_since is not None:
        lasted = now - state.failing_since
        if state.failures >= FEWEST_FAILURES and lasted >= FAILING_AFTER:
            return "failing"
        return state.condition
    if state.last_new_at is not None and now - state.last_new_at > silent_after(state):
        return "silent"
    return "alive"


def silent_after(state: FeedState) -> timedelta:
    """After how long without anything new a feed is silent."""
    if state.last_new_at is None or state.first_at is None or state.gaps < FEWEST_GAPS:
        return UNKNOWN_SILENT_AFTER
    known_for = state.last_new_at - state.first_at
    if known_for < UNKNOWN_SILENT_AFTER:
        return UNKNOWN_SILENT_AFTER
    longest = timedelta(seconds=max(state.longest_gap_s.values(), default=0.0))
    return max(SILENT_AT_LEAST, TIMES_LONGEST * longest, TIMES_MEAN * known_for / state.gaps)
