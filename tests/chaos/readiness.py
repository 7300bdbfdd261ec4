"""Asks every replica every second whether it is ready, and compares with the truth."""

from __future__ import annotations

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Thread
from typing import NamedTuple

from tests.chaos.fleet import Fleet, Replica
from tests.chaos.ledger import Ledger
from tests.chaos.truth import Truth, Wrong

EVERY_S = 1.0
# Asked side by side, so that one that does not answer holds up none.
MOST_REPLICAS = 12
READY = 200
# Who is ready and has something to tell says more than the word.
ALL_IS_WELL = (READY, "ready")


class Observation(NamedTuple):
    """What a replica said at a moment; `status` is None where it said nothing.

    stalled  partitions that had stopped, by the ledger.
    """

    at: float
    replica: str
    status: int | None
    reason: str
    stalled: bool = False


class FalseSecond(NamedTuple):
    """A second in which a replica's readiness was not true."""

    at: float
    replica: str
    said: str
    truth: str


class Observer(Thread):
    """Looks at every replica once a second, and after those that ended by themselves."""

    def __init__(self, fleet: Fleet, ledger: Ledger) -> None:
        super().__init__(name="observer", daemon=True)
        self.observations: list[Observation] = []
        self._fleet, self._ledger = fleet, ledger
        self._stopping = Event()

    def run(self) -> None:
        """Look until stopped."""
        with ThreadPoolExecutor(MOST_REPLICAS) as asking:
            due = time.monotonic()
            while not self._stopping.wait(max(0.0, due - time.monotonic())):
                due = max(due + EVERY_S, time.monotonic())
                stalled = bool(self._ledger.stalled())
                self.observations += asking.map(partial(_observe, stalled=stalled), self._fleet)
                self._fleet.look_after()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        self.join()


def _observe(replica: Replica, stalled: bool) -> Observation:
    at = time.monotonic()
    if not replica.wanted:
        return Observation(at, replica.name, None, "not wanted", stalled)
    return Observation(at, replica.name, *replica.readiness(), stalled)


def false_seconds(observations: Iterable[Observation], truth: Truth) -> list[FalseSecond]:
    """The seconds in which what was said was not true."""
    seconds = list(observations)
    wrongs = truth.wrongs
    judged = (_judge(one, wrongs) for one in seconds)
    return [one for one in judged if one is not None] + _silent_stalls(seconds, wrongs)


def _judge(seen: Observation, wrongs: list[Wrong]) -> FalseSecond | None:
    if seen.status is None and seen.reason == "not wanted":
        return None
    own = [wrong for wrong in wrongs if wrong.concerns(seen.replica)]
    hidden = [wrong.what for wrong in own if wrong.is_hidden(seen.at, seen.reason)]
    if seen.status == READY:
        return FalseSecond(seen.at, seen.replica, seen.reason, hidden[0]) if hidden else None
    others = [wrong for wrong in wrongs if wrong.touches(seen.replica, seen.reason)]
    if any(wrong.excuses(seen.at) for wrong in own + others):
        return None
    said = f"not ready: {seen.reason}" if seen.status else f"nothing ({seen.reason})"
    return FalseSecond(seen.at, seen.replica, said, "nothing is wrong")


def _silent_stalls(seen: list[Observation], wrongs: list[Wrong]) -> list[FalseSecond]:
    """Seconds in which a partition had stopped for no reason and every replica said it is ready."""
    rounds: dict[int, list[Observation]] = {}
    for one in seen:
        rounds.setdefault(int(one.at), []).append(one)
    return [
        FalseSecond(round_[0].at, "all", "ready", "a partition has stopped")
        for round_ in rounds.values()
        if all(one.stalled and (one.status, one.reason) == ALL_IS_WELL for one in round_)
        and not any(wrong.excuses(round_[0].at) for wrong in wrongs)
    ]
