"""What pages of results share."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Rows of a table in Markdown, without its heading."""
    return "\n".join(f"| {name} | {value} |" for name, value in rows)


def settings_line(settings: DataclassInstance) -> str:
    """All settings of a run."""
    return ", ".join(f"{name} {value}" for name, value in asdict(settings).items())


def machine() -> str:
    """The processor, and the GPU if there is one, in words."""
    return f"{os.cpu_count()} cores of {_processor()}{_gpu()}"


def _gpu() -> str:
    import torch

    return f" and one {torch.cuda.get_device_name()}" if torch.cuda.is_available() else ""


def _processor() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text(encoding="utf-8").splitlines() if cpus.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
