"""Sending messages at a pace, and noting how long each took to lead to something."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from threading import Event, Thread
from typing import NamedTuple

import kafka
import msgspec

from benchmarks.arrivals import Arrivals
from benchmarks.setting import Setting
from textwire.stream.kafka.connecting import client_settings
from textwire.wire.message import Message
from textwire.wire.topic import Topic

# After so long a silence nothing more comes.
PATIENCE_S = 60.0
# What need not come, such as an alert, comes as soon after the rest as this or not at all.
TRAILING_S = 2.0

Waits = dict[str, list[float]]
"""Milliseconds, by what was waited for."""


class Sending(NamedTuple):
    """A message, and the id under which it arrives."""

    id: str
    topic: Topic
    message: Message


@dataclass(frozen=True)
class Load:
    """Messages of one kind, and what they lead to.

    what      a second of which is told, such as "questions".
    light     a second, when little is going on.
    sendings  without end, no id twice.
    arrivals  what is waited for, by name. All must arrive in the first; in others, some may.
    filling   in place of `sendings` where the most that can be taken is measured.
    longer    how many times as long as usual the light load lasts.
    """

    what: str
    light: float
    sendings: Iterator[Sending]
    arrivals: Mapping[str, Callable[[Setting], Arrivals]]
    filling: Iterator[Sending] | None = None
    longer: float = 1.0


class Listener(Thread):
    """Notes when each id arrived first, in seconds of the monotonic clock."""

    def __init__(self, arrivals: Arrivals) -> None:
        """Start with `start()`."""
        super().__init__(daemon=True)
        self.arrived_at: dict[str, float] = {}
        self._arrivals = arrivals
        self._stopping = Event()

    def run(self) -> None:
        """Listen until stopped."""
        while not self._stopping.is_set():
            ids = list(self._arrivals.poll())
            now = time.monotonic()  # of all that came together
            for id_ in ids:
                self.arrived_at.setdefault(id_, now)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        self.join()
        self._arrivals.close()


class Metronome:
    """Moments that are equally far apart, each waited for. Who was late catches up."""

    def __init__(
        self,
        rate: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin now; `rate` a second."""
        self._rate, self._clock, self._sleep = rate, clock, sleep
        self._began, self._number = clock(), 0

    def wait(self) -> float:
        """Wait for the next moment.

        Returns: when it was due, which a sender that is late must not hide.
        """
        due = self._began + self._number / self._rate
        self._number += 1
        ahead = due - self._clock()
        if ahead > 0:
            self._sleep(ahead)
        return due


def drive(setting: Setting, load: Load, rate: float, count: int) -> Waits:
    """Send at a steady rate; how long each took from when it was due.

    Raises: SystemExit: some led to nothing.
    """
    sendings = list(islice(load.sendings, count))
    due_at: dict[str, float] = {}
    with listening(setting, load) as listeners:
        send_steadily(setting, sendings, rate, due_at)
        wait_for_all(due_at, next(iter(listeners.values())), load.what)
        if len(listeners) > 1:
            time.sleep(TRAILING_S)
    return {name: waits_ms(due_at, listener.arrived_at) for name, listener in listeners.items()}


def waits_ms(due_at: Mapping[str, float], arrived_at: Mapping[str, float]) -> list[float]:
    """How long each took that arrived, in the order they were sent."""
    return [(arrived_at[id_] - due) * 1000 for id_, due in due_at.items() if id_ in arrived_at]


def wait_for_all(sent: Mapping[str, float], listener: Listener, what: str) -> None:
    """Wait until all have arrived.

    Raises: SystemExit: they did not.
    """
    missing, heard_at = set(sent), time.monotonic()
    while left := missing - listener.arrived_at.keys():
        if left != missing:
            missing, heard_at = left, time.monotonic()
        if time.monotonic() > heard_at + PATIENCE_S:
            raise SystemExit(f"{len(missing)} of {len(sent)} {what} led to nothing")
        time.sleep(0.02)


@contextmanager
def listening(setting: Setting, load: Load) -> Iterator[dict[str, Listener]]:
    """A listener for all that is waited for, by name."""
    with ExitStack() as stack:
        listeners = {}
        for name, connect in load.arrivals.items():
            listeners[name] = Listener(connect(setting))
            listeners[name].start()
            stack.callback(listeners[name].stop)
        yield listeners


def send_steadily(
    setting: Setting, sendings: Sequence[Sending], rate: float, due_at: dict[str, float]
) -> None:
    """Send at a steady rate; `due_at` gets the moment at which each was due."""
    with producing(setting, {sending.topic.name for sending in sendings}) as send:
        metronome = Metronome(rate)
        for sending in sendings:
            due_at[sending.id] = metronome.wait()
            send(sending)


@contextmanager
def producing(
    setting: Setting, topics: Iterable[str], linger_ms: int = 0
) -> Iterator[Callable[[Sending], None]]:
    """A way to send, with all that is known at the beginning that the first would wait for."""
    producer = kafka.KafkaProducer(
        **client_settings(setting.kafka), acks="all", linger_ms=linger_ms
    )
    for topic in topics:
        producer.partitions_for(topic)

    def send(sending: Sending) -> None:
        producer.send(
            sending.topic.name,
            key=sending.topic.key(sending.message).encode(),
            value=msgspec.json.encode(sending.message),
        )

    try:
        yield send
        producer.flush()
    finally:
        producer.close()
