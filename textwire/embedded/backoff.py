"""How long to wait before a part that keeps dying is started again."""

from __future__ import annotations

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
# A part that ran this long was well: its next death counts as its first.
WELL_AFTER_S = 60.0


class Backoff:
    """Waits that double from the first to the longest."""

    def __init__(
        self,
        first_s: float = FIRST_WAIT_S,
        longest_s: float = LONGEST_WAIT_S,
        well_after_s: float = WELL_AFTER_S,
    ) -> None:
        self._first_s, self._longest_s, self._well_after_s = first_s, longest_s, well_after_s
        self._wait_s = 0.0

    def next_wait_s(self, ran_s: float) -> float:
        """The wait after a run that took so long."""
        grown = self._first_s if ran_s >= self._well_after_s else self._wait_s * 2
        self._wait_s = min(max(grown, self._first_s), self._longest_s)
        return self._wait_s
