"""The parts' logs: one file each, bounded."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from textwire.undecodable import NOT_DECODABLE

MAX_LOG_BYTES = 8 * 1024 * 1024
# Enough for any number of lines that a person asks to see last.
TAIL_BYTES = 256 * 1024


def log_path(data_dir: Path, part: str) -> Path:
    """Where a part's output goes."""
    return data_dir / "logs" / f"{part}.log"


def last_lines(path: Path, count: int) -> str:
    """The last lines of a log, or nothing when there is no log."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - TAIL_BYTES))
            lines = log.read().decode("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return "\n".join(lines[-count:])


def plain(line: str) -> str:
    """A line for people: of a structured one, what happened and why."""
    try:
        fields = msgspec.json.decode(line)
    except NOT_DECODABLE:
        return line
    if not isinstance(fields, dict) or "event" not in fields:
        return line
    return ": ".join(str(fields[name]) for name in ("event", "reason") if name in fields)


def rotate(path: Path, max_bytes: int = MAX_LOG_BYTES) -> bool:
    """Move what a log holds to `<log>.1` once it is too long; whether that was done.

    The file is copied and emptied, not renamed: the part keeps writing to the one it has open, at
    its end, so a few lines written in between may be lost.
    """
    if not path.exists() or path.stat().st_size <= max_bytes:
        return False
    shutil.copyfile(path, path.with_suffix(".log.1"))
    with path.open("r+b") as log:
        log.truncate()
    return True
