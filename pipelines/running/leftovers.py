"""What a run that was killed left in the data folder."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

PREFIXES = ("pipeline-", "champion-")
# A younger one may be at work; the longest runs write a file at least every few hours.
AFTER_S = 24 * 3_600


def remove_leftovers(work_dir: Path) -> None:
    """Delete folders of runs that can no longer be under way."""
    if not work_dir.is_dir():
        return
    for folder in work_dir.iterdir():
        if folder.name.startswith(PREFIXES) and _age_s(folder) > AFTER_S:
            shutil.rmtree(folder, ignore_errors=True)


def _age_s(folder: Path) -> float:
    newest = max(file.stat().st_mtime for file in (folder, *folder.rglob("*")))
    return time.time() - newest
