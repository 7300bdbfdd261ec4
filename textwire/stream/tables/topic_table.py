"""A compacted topic as a table: read from its beginning at the start, followed ever after.

Every replica reads all of it, outside any consumer group, so there are no offsets to commit: what
it knows is what it has read since it started.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic

import structlog

from textwire.backoff import Backoff
from textwire.errors import BrokerUnavailable, Unavailable
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import KafkaSettings
from textwire.stream.assignment import Position
from textwire.stream.dead_letters.letters import MAX_REASON_CHARACTERS
from textwire.stream.kafka.topic_shape import ShapeReader, TopicShape
from textwire.stream.processor import Rejected
from textwire.stream.tables.applying import Apply, RowApplier
from textwire.stream.tables.reader import LogCutOff, TableReader
from textwire.stream.tables.row_letters import RowLetters
from textwire.stream.tables.rows import TableRows
from textwire.wire.topic import Topic

# How soon partitions that were added are read, a topic made anew is noticed, a letter is written.
LOOK_EVERY_S = 1.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0

log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class TopicTable:
    """Follows a compacted topic on a thread of its own, which no error ends.

    A row that cannot be read, or on which `apply` fails, changes nothing and becomes a dead letter;
    the rest goes on. After whatever else fails, reading goes on where it stood, and the service's
    readiness has the reason meanwhile.
    """

    def __init__(
        self,
        topic: Topic,
        apply: Apply,
        service: str,
        metrics: ServiceMetrics,
        settings: KafkaSettings | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """`apply` gets what changed, key to message, None where the key was deleted.

        Args: service: in whose name dead letters are written.
        """
        self._topic = topic
        self._apply = apply
        self._applier = RowApplier(apply)
        self._health = metrics.health
        self._settings = settings
        self._rows = TableRows(topic)
        self._letters = RowLetters(topic, service, metrics, clock, settings)
        self._topic_id = ""
        self._former_ids: set[str] = set()
        self._positions: dict[int, Position] = {}
        self._maybe_gone: set[str] = set()  # rows of a log that was cut off
        self._look_at_s = 0.0
        self._backoff = Backoff(FIRST_PAUSE_S, LONGEST_PAUSE_S)
        self._behind = True
        self._stop = Event()
        self._thread = Thread(target=self._run, name=f"table {topic.name}", daemon=True)
        self.caught_up = Event()

    @property
    def topic(self) -> Topic:
        """What is read."""
        return self._topic

    def start(self) -> None:
        """Begin to read; not ready until the end of the topic was reached."""
        self._fall_behind("being read")
        self._thread.start()

    def stop(self) -> None:
        """Stop reading."""
        self._stop.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._follow()
            except LogCutOff as error:
                log.warning("log cut off", topic=self._topic.name, reason=str(error))
                self._begin_anew(str(error))
            except Unavailable as error:
                log.warning("table is behind", topic=self._topic.name, reason=str(error))
                self._pause(str(error))
            except BaseException as error:
                log.exception("table failed and is tried again", topic=self._topic.name)
                self._pause(f"cannot be followed: {type(error).__name__}: {error}")

    def _follow(self) -> None:
        """Read and read on, until the topic has another shape or we are to stop."""
        name, settings = self._topic.name, self._settings
        with closing(ShapeReader(name, settings)) as shapes:
            shape = self._shape(shapes)
            self._take_up(shape)
            with closing(TableReader(name, shape, self._positions, settings)) as reader:
                while self._goes_on(shape, shapes):
                    self._take_in(reader)

    def _shape(self, shapes: ShapeReader) -> TopicShape:
        shape = shapes.read()
        if shape is None:
            raise BrokerUnavailable(self._missing())
        if shape.topic_id in self._former_ids:
            raise BrokerUnavailable("A broker still tells of the topic that was deleted.")
        return shape

    def _take_up(self, shape: TopicShape) -> None:
        """Begin with a topic; the rows of another that had its name before vanish."""
        if shape.topic_id == self._topic_id:
            return
        if self._topic_id:
            self._clear()
        self._topic_id = shape.topic_id
        self._rows = TableRows(self._topic)
        self._positions = {}
        self._letters.forget()

    def _clear(self) -> None:
        log.warning("topic was made anew", topic=self._topic.name)
        self._fall_behind("made anew, and being read from its beginning")
        self.caught_up.clear()
        self._apply(dict.fromkeys({*self._rows.keys, *self._maybe_gone}))
        self._maybe_gone.clear()
        self._former_ids.add(self._topic_id)

    def _begin_anew(self, reason: str) -> None:
        """Read all of it again; what is not found again vanishes once that is done."""
        self._fall_behind(reason)
        self._maybe_gone |= set(self._rows.keys)
        self._rows = TableRows(self._topic)
        self._positions = {}

    def _goes_on(self, shape: TopicShape, shapes: ShapeReader) -> bool:
        if self._stop.is_set():
            return False
        if monotonic() < self._look_at_s:
            return True
        self._look_at_s = monotonic() + LOOK_EVERY_S
        if shapes.read() != shape:
            return False
        # Not before the look: what was read under the name might have been another topic's.
        self._letters.write_when_due()
        return True

    def _take_in(self, reader: TableReader) -> None:
        if records := reader.poll():
            rows, rejected = self._rows.read(records)
            self._reject([*rejected, *self._applier.apply(rows)])
            self._backoff.succeeded()
        self._positions = reader.positions
        if self._behind and reader.at_end:
            self._catch_up()

    def _reject(self, rejected: Sequence[Rejected]) -> None:
        for one in rejected:
            reason = str(one.error)[:MAX_REASON_CHARACTERS]
            log.warning("row changes nothing", record=one.record.id, reason=reason)
        self._letters.collect(rejected, self._topic_id)
        self._letters.keep_few()

    def _pause(self, reason: str) -> None:
        self._fall_behind(reason)
        self._stop.wait(self._backoff.failed())

    def _fall_behind(self, reason: str) -> None:
        self._behind = True
        self._health.unmet(self._topic.name, reason[:MAX_REASON_CHARACTERS])

    def _catch_up(self) -> None:
        if gone := self._maybe_gone - set(self._rows.keys):
            self._apply(dict.fromkeys(gone))
        self._maybe_gone.clear()
        self._behind = False
        self._backoff.succeeded()
        self.caught_up.set()
        self._health.met(self._topic.name)
        log.info("table read", topic=self._topic.name)

    def _missing(self) -> str:
        if self._topic_id:
            return (
                f"The topic {self._topic.name} was deleted. What was on it is still served, until "
                "it is made anew (`textwire topics create`)."
            )
        return f"There is no topic {self._topic.name} (yet): `textwire topics create` makes it."
