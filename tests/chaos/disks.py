"""Disks so small that they can be filled: folders of their own in memory, where that is allowed."""

from __future__ import annotations

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

BALLAST = "ballast"
MIB = 1024 * 1024


class SmallDisks:
    """The disks of one scenario; gone at its end."""

    def __init__(self) -> None:
        self._mounted = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._mounted.close()

    @staticmethod
    def allowed() -> bool:
        """Whether this user may make any."""
        return os.geteuid() == 0

    def mount(self, folder: Path, megabytes: int) -> None:
        """Put an empty disk where a folder is."""
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=True
        )
        self._mounted.callback(subprocess.run, ["umount", "--lazy", folder], check=False)


def fill(folder: Path) -> None:
    """Leave no byte free."""
    with (folder / BALLAST).open("ab", buffering=0) as ballast:
        try:
            while True:
                if ballast.write(b"\0" * MIB) < MIB:
                    return
        except OSError:
            return  # full


def clear(folder: Path) -> None:
    """Make room again."""
    (folder / BALLAST).unlink(missing_ok=True)
