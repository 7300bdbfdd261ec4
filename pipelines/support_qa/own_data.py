"""Anyone's own data: one file of questions with the passages that answer them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.data_files import by_path, read_messages
from pipelines.splits import Split, split_by_text
from pipelines.support_qa.data import LabelledQuestion, SupportData
from textwire.errors import DataError
from textwire.support_qa.messages import Passage, PassageText, QuestionText
from textwire.wire.message import Message


class PairRow(Message, frozen=True):
    """A question and its passage: the text itself, or the id of one in the knowledge file."""

    question: QuestionText
    passage: PassageText | None = None
    passage_id: str | None = None
    split: Split | None = None


@dataclass(frozen=True)
class OwnPairs:
    """A source of data: a file of pairs, and maybe a file of passages that the pairs name.

    mapping: `field=column` for the file of pairs.
    """

    pairs: Path
    knowledge: Path | None = None
    mapping: tuple[str, ...] = ()

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder that holds it all."""
        return by_path(self.pairs, *([self.knowledge] if self.knowledge else []))

    def read(self) -> SupportData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        rows = read_messages(self.pairs, PairRow, self.mapping)
        known = read_messages(self.knowledge, Passage) if self.knowledge else []
        passages = {passage.id: passage for passage in known}
        asked = []
        for number, row in enumerate(rows, start=1):
            passage_id = row.passage_id or _add_passage(passages, row, number)
            split = row.split or split_by_text(row.question)
            asked.append((LabelledQuestion(row.question, passage_id), split))
        return SupportData(
            passages=list(passages.values()),
            train=[question for question, split in asked if split == "train"],
            held_out=[question for question, split in asked if split == "held_out"],
        ).checked()


def _add_passage(passages: dict[str, Passage], row: PairRow, number: int) -> str:
    if not row.passage:
        raise DataError(
            f"Row {number} has neither `passage` nor `passage_id`. "
            "Say which column holds it: `--map passage=COLUMN`."
        )
    passage_id = _digest(row.passage)[:20]
    passages.setdefault(passage_id, Passage(id=passage_id, text=row.passage))
    return passage_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
