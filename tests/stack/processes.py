"""Small parts to supervise: Python programs of a line or two."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from textwire.stack.process import Process
from textwire.stack.process_spec import ProcessSpec

SLEEP = "import time; time.sleep(600)"


def python_process(folder: Path, name: str, code: str = SLEEP, **wishes: object) -> Process:
    part = ProcessSpec(name=name, command=(sys.executable, "-c", code), **wishes)  # type: ignore[arg-type]
    return Process(part, folder / "logs" / f"{name}.log")


def eventually(what: Callable[[], bool], within_s: float = 10.0) -> bool:
    deadline = time.monotonic() + within_s
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
