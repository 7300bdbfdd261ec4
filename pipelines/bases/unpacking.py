"""A model's folder, written once, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from textwire.file_rights import make_private


def unpacked(place: Path, write: Callable[[Path, Path], None]) -> Path:
    """The folder itself, which is written first unless it stands there.

    Args: write: puts the model into an empty folder, with another one beside it to work in.
    """
    if not place.exists():
        make_private(place.parent)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".") as aside:
            made, work = Path(aside) / "made", Path(aside) / "work"
            made.mkdir()
            work.mkdir()
            write(made, work)
            made.replace(place)
    return place
