"""How many texts a model reads in a second, alone and beside another one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# A model's own speed is that of its best of so many rounds: other work on the machine only slows.
ROUNDS = 3
# Two models take turns for at least so many rounds, and until each has read for so long: a tiny one
# needs milliseconds a round, which one look at another program can double.
TURNS, TURNS_S = 5, 0.3
TIMED_TEXTS = 64


@dataclass(frozen=True)
class TimedReading:
    """A model reads the same few texts, against the clock."""

    read: Callable[[Sequence[str]], object]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, read: Callable[[Sequence[str]], object], texts: Sequence[str]) -> TimedReading:
        """Reading the first few of the texts."""
        return cls(read, tuple(texts[:TIMED_TEXTS]))

    def texts_per_s(self) -> float:
        """Texts a second, in the best of a few rounds."""
        return self._speed(min(self.seconds() for _ in range(ROUNDS)))

    def texts_per_s_beside(self, other: TimedReading) -> tuple[float, float]:
        """Texts a second of this one and of the other, each in its best of rounds by turns.

        So whatever else the machine does in the meantime slows both alike.
        """
        own, others = [self.seconds()], [other.seconds()]
        while len(own) < TURNS or min(sum(own), sum(others)) < TURNS_S:
            own.append(self.seconds())
            others.append(other.seconds())
        return self._speed(min(own)), other._speed(min(others))

    def seconds(self) -> float:
        """How long one round takes."""
        started = time.perf_counter()
        self.read(self.texts)
        return time.perf_counter() - started

    def _speed(self, seconds: float) -> float:
        return len(self.texts) / max(seconds, 1e-9)
