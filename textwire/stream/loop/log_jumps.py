"""What is told where a log is not what it was, so that reading could not go on where it stood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic

import structlog

from textwire.observing.metrics import ServiceMetrics
from textwire.stream.source import Jump

# It is over at once, and somebody should hear of it: so long it stands among the warnings.
WARNED_FOR_S = 60 * 60

log = structlog.get_logger()


class JumpTelling:
    """Tells of jumps in the log, in metrics and, for a while, in readiness."""

    def __init__(
        self, group: str, metrics: ServiceMetrics, clock: Callable[[], float] = monotonic
    ) -> None:
        self._group = group
        self._metrics = metrics
        self._clock = clock
        self._told_at: dict[str, float] = {}

    def tell(self, jumps: Sequence[Jump]) -> None:
        """Tell of these; what was told long ago is a warning no more."""
        for jump in jumps:
            of = f"{self._group} {jump.partition.topic}/{jump.partition.number}"
            log.error("log jumped", group=self._group, reason=words_of(jump))
            self._metrics.jumped(jump.unread)
            self._metrics.health.warn("log", words_of(jump), of)
            self._told_at[of] = self._clock()
        for of in [of for of, at in self._told_at.items() if self._clock() - at > WARNED_FOR_S]:
            self._metrics.health.eased("log", of)
            del self._told_at[of]


def words_of(jump: Jump) -> str:
    """What happened, what it means for the answers, what to do."""
    topic, number = jump.partition
    if jump.unread:
        return (
            f"{jump.unread:,} offsets of {topic}/{number}, from {jump.from_offset}, were deleted "
            "before they were read, and are not answered: it keeps records for too short a time "
            "(retention.ms), or somebody deleted them. Send them again."
        )
    lost = f"{topic}/{number} was read up to offset {jump.from_offset}, and Kafka has lost its end"
    if jump.is_sure:
        return (
            f"{lost} from {jump.to_offset} on (a broker lost power, or one that lacked it leads "
            "now). Reading goes on there: what is new is answered, and nothing twice."
        )
    return (
        f"{lost}; from where on, it cannot tell. Reading goes on at its end, {jump.to_offset}: "
        "what was sent in the last minutes may be unanswered. Send it again."
    )
