"""Who may read what Textwire writes: its owner alone, whatever the umask it was started with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OWNER_FILE = stat.S_IRUSR | stat.S_IWUSR  # as a mode


@contextmanager
def owner_only() -> Iterator[None]:
    """What is written meanwhile, by us or ever by a child started meanwhile, is its owner's."""
    with _umask(OTHERS):
        yield


@contextmanager
def no_more_open_than(folder: Path) -> Iterator[None]:
    """What is written meanwhile is the owner's, unless the folder is there and open to others.

    So who shares a folder on purpose shares what comes into it.
    """
    allowed = stat.S_IMODE(folder.stat().st_mode) if folder.exists() else stat.S_IRWXU
    with _umask(~allowed & (stat.S_IRWXU | OTHERS)):
        yield


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it; what is there already stays as it is."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(stat.S_IRWXU, exist_ok=True)


def take_from_others(path: Path) -> int:
    """Let only the owner use a file, or a folder and all that is in it; how many were open.

    Links are not followed: what they lead to is not ours to close.

    Raises: PermissionError: something in it belongs to another user.
    """
    opened = list(open_to_others(path))
    for place in opened:
        with suppress(FileNotFoundError):  # another program of ours may be done with it by now
            place.chmod(stat.S_IMODE(place.stat().st_mode) & ~OTHERS)
    return len(opened)


def open_to_others(path: Path) -> Iterator[Path]:
    """Of a file, or of a folder and all that is in it: what others may do anything with."""
    for place in _with_contents(path):
        with suppress(FileNotFoundError):
            mode = place.lstat().st_mode
            if mode & OTHERS and not stat.S_ISLNK(mode):
                yield place


def _with_contents(path: Path) -> Iterator[Path]:
    yield path
    if path.is_dir() and not path.is_symlink():
        for folder, folders, files in os.walk(path):
            yield from (Path(folder, name) for name in (*folders, *files))


@contextmanager
def _umask(mask: int) -> Iterator[None]:
    before = os.umask(OTHERS)
    os.umask(before | mask)
    try:
        yield
    finally:
        os.umask(before)
