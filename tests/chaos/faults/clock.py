"""Clocks that are set, of one replica."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.world import World

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
OFFSET_FILE = "clock-offset"


def clock_environment(folder: Path) -> dict[str, str]:
    """What makes a process take its time of day from a file that can be changed under it."""
    set_clock(folder, 0)
    return {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(folder / OFFSET_FILE),
        "FAKETIME_NO_CACHE": "1",
        # The clock that only goes forward is left alone, as a system's is when it is set.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def set_clock(folder: Path, offset_s: float) -> None:
    """Let the time of day be so many seconds off."""
    (folder / OFFSET_FILE).write_text(f"{offset_s:+.0f}\n")


@dataclass(frozen=True)
class StepClock:
    """The time of day of one replica is suddenly another. Nothing is wrong with that."""

    offset_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Set it, wait."""
        set_clock(world.folder, self.offset_s)
        world.struck["clock steps"] += 1
        time.sleep(self.then_s)
