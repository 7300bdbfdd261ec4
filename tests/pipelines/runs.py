"""What tests of whole pipelines share."""

import io
from pathlib import Path

from rich.console import Console

from pipelines.progress import Progress


def quiet() -> Progress:
    return Progress(Console(file=io.StringIO(), width=120))


def said_on(written: io.StringIO) -> Progress:
    return Progress(Console(file=written, width=160))


def empty(folder: Path) -> bool:
    return not any(folder.iterdir())
