"""Several loops in one process, which end together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from typing import Protocol


class Loop(Protocol):
    """Something that runs until told to stop."""

    def run(self) -> None:
        """Work until `stop` is called."""
        ...

    def stop(self) -> None:
        """Ask it to end. Any thread may."""
        ...


class LoopGroup:
    """Loops that run at the same time, each with its own place in its own consumer group."""

    def __init__(self, loops: Sequence[Loop]) -> None:
        """Start with `run()`."""
        self._loops = loops

    def run(self) -> None:
        """Run all of them until one ends, then stop the others.

        Raises: whatever ended the first of them that did not end as told.
        """
        with ThreadPoolExecutor(len(self._loops), "loop") as pool:
            runs = [pool.submit(loop.run) for loop in self._loops]
            try:
                wait(runs, return_when=FIRST_COMPLETED)
            finally:
                self.stop()
        for run in runs:
            run.result()

    def stop(self) -> None:
        """Ask all of them to end."""
        for loop in self._loops:
            loop.stop()
