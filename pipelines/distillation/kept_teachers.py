"""Base models that learned the task so as to teach it, kept by what decided what they learned."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from pipelines.distillation.teachers import Teacher
from textwire.file_rights import make_private


def kept_teacher(
    teacher: Teacher, decided: Sequence[object], cache: Path, teach: Callable[[Path], None]
) -> Path:
    """The folder of a teacher that has learned, of an earlier run or of this one.

    Args:   decided: what decides beside the weights what is learned.
            teach: makes the teacher in a folder; it is kept whole or not at all.
    """
    known_by = msgspec.json.encode([teacher.sha256, *decided], order="deterministic")
    digest = hashlib.sha256(known_by).hexdigest()
    place = cache / "teachers" / f"{teacher.base.folder.name}-{digest[:16]}"
    if not place.exists():
        make_private(place.parent)
        with tempfile.TemporaryDirectory(dir=place.parent, prefix=".") as aside:
            folder = Path(aside) / place.name
            folder.mkdir()
            teach(folder)
            folder.replace(place)
    return place
