"""What tests of whole pipelines share."""

import io
from pathlib import Path

from rich.console import Console

from pipelines.running.progress import Progress


def quiet() -> Progress:
    return Progress(Console(file=io.StringIO(), width=120))


def said_on(written: io.StringIO) -> Progress:
    return Progress(Console(file=written, width=160))


def empty(folder: Path) -> bool:
    """Nothing is left there but what TensorBoard shows."""
    return {file.name for file in folder.iterdir()} <= {"training-logs"}


def only_checkpoints(folder: Path) -> bool:
    """Nothing is left but that and what a run goes on from."""
    return {file.name for file in folder.iterdir()} <= {"training", "training-logs"}
