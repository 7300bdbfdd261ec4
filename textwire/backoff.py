"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from dataclasses import dataclass

# 2 to the 20th of the shortest wait is longer than any longest one.
MOST_DOUBLINGS = 20


@dataclass
class Backoff:
    """`first_s` after the first failure, twice as long after each other one, up to `longest_s`."""

    first_s: float
    longest_s: float
    failures: int = 0  # since it succeeded last

    def failed(self) -> float:
        """How long to wait now, in seconds."""
        doublings = min(self.failures, MOST_DOUBLINGS)
        self.failures += 1
        return min(self.longest_s, self.first_s * 2.0**doublings)

    def succeeded(self) -> None:
        """The next failure is the first again."""
        self.failures = 0
