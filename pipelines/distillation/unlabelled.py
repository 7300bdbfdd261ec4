"""Texts that nobody labelled: the teacher does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, ClassVar

import msgspec

from pipelines.training_data.data_files import read_messages
from textwire.wire.message import Message

LONGEST_TEXT = 4_000


class UnlabelledRow(Message, frozen=True):
    """A row of a file: its text."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_TEXT)]
    column_names: ClassVar = {"text": (("title", "headline", "question", "sentence"),)}


def read_unlabelled(path: Path, without: frozenset[str] = frozenset()) -> list[str]:
    """Each text once, without those that were labelled or are to be judged.

    A file .jsonl or .csv with a column `text`, or lines of a .txt.

    Args:   without: texts that the model is judged on: the teacher's word on them would leak.
    Raises: DataError, DataFileError: rows are wrong, or the file cannot be read.
    """
    if path.suffix == ".txt":
        texts = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    else:
        texts = (row.text.strip() for row in read_messages(path, UnlabelledRow))
    return [text for text in dict.fromkeys(texts) if text and text not in without]
