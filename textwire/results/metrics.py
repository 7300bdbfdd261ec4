"""What could not be written to a result store or read from it: told in the log, and counted.

Another program may write under our keys, and so may another version of ours. One such value is
passed over, and everything else goes on.
"""

from __future__ import annotations

from functools import lru_cache

import structlog
from prometheus_client import Counter

from textwire.results.keys import family

# The process's own: every registry of metrics takes them in.
REFUSED_WRITES = Counter(
    "textwire_redis_refused_writes",
    "Writes that Redis refuses for good, since another type of value stands under their key",
    ["keys"],
    registry=None,
)
UNREADABLE_VALUES = Counter(
    "textwire_redis_unreadable_values",
    "Values in Redis that were passed over, since Textwire did not write them so",
    ["keys"],
    registry=None,
)
# Of so many keys it is remembered that the log has them: each is told once, as a rule.
KEYS_REMEMBERED = 1_000

log = structlog.get_logger()


def refused(key: str, command: str, reason: str) -> None:
    """A write was refused, and will be whenever it is tried."""
    REFUSED_WRITES.labels(family(key)).inc()
    _tell_once("write_refused", key, f"{command}: {reason}")


def unreadable(key: str, reason: str) -> None:
    """A value, or one of several under a key, is not what we write there."""
    UNREADABLE_VALUES.labels(family(key)).inc()
    _tell_once("value_passed_over", key, reason)


@lru_cache(KEYS_REMEMBERED)
def _tell_once(event: str, key: str, reason: str) -> None:
    log.warning(event, key=key, reason=reason, advice="Look at it, and remove the key.")
