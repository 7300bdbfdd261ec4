"""Clocks that are set, of one replica."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.world import World

SOURCE = Path(__file__).with_name("clock.c")
LIBRARY, OFFSET = "clock.so", "clock-offset"


def can_set_clocks() -> bool:
    """Whether this machine can build what it takes."""
    return sys.platform.startswith("linux") and shutil.which("cc") is not None


def clock_environment(folder: Path) -> dict[str, str]:
    """What makes a process take its time of day from a file that can be changed under it."""
    library = folder / LIBRARY
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    set_clock(folder, 0)
    return {"LD_PRELOAD": str(library), "CHAOS_CLOCK_OFFSET": str(folder / OFFSET)}


def set_clock(folder: Path, offset_s: int) -> None:
    """Let the time of day be so many seconds off."""
    path = folder / OFFSET
    path.touch()
    with path.open("r+b") as file:  # in place: it is mapped
        file.write(struct.pack("=q", offset_s))


@dataclass(frozen=True)
class StepClock:
    """The time of day of one replica is suddenly another. Nothing is wrong with that."""

    offset_s: int
    then_s: float

    def strike(self, world: World) -> None:
        """Set it, wait."""
        set_clock(world.folder, self.offset_s)
        world.struck["clock steps"] += 1
        time.sleep(self.then_s)
