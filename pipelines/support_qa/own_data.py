"""Anyone's own data: one file of questions with the passages that answer them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from pipelines.support_qa.data import LabelledQuestion, SupportData
from pipelines.training_data.data_files import Placed, by_path, read_messages, read_placed
from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import Split, split_by_text
from textwire.errors import RecordRejected
from textwire.support_qa.column_names import PASSAGE_COLUMNS
from textwire.support_qa.messages import Passage, PassageText, QuestionText
from textwire.wire.message import Message


class PairRow(Message, frozen=True):
    """A question and its passage: the text itself, or the id of one in the knowledge file."""

    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = {
        "question": (
            *PASSAGE_COLUMNS["question"],
            ("query", "instruction", "utterance", "customer message"),
        ),
        "passage": PASSAGE_COLUMNS["text"],
        "passage_id": (("answer id", "article id", "document id"),),
        "split": (("set", "part", "partition", "fold"),),
    }

    question: QuestionText
    passage: PassageText | None = None
    passage_id: str | None = None
    split: Split | None = None


@dataclass(frozen=True)
class OwnPairs:
    """A source of data: a file of pairs, and maybe a file of passages that the pairs name.

    mapping: `field=column` for the file of pairs.
    drop_repeats: go on without questions that are in both parts.
    """

    pairs: Path
    knowledge: Path | None = None
    mapping: tuple[str, ...] = ()
    drop_repeats: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder that holds it all."""
        return by_path(self.pairs, *([self.knowledge] if self.knowledge else []))

    def read(self) -> SupportData:
        """All of it, checked.

        A question may have several answers: each pair is learned from, and counts, for itself.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        known = read_messages(self.knowledge, Passage) if self.knowledge else []
        passages = {passage.id: passage for passage in known}
        asked = [
            self._asked(passages, placed)
            for placed in read_placed(self.pairs, PairRow, self.mapping, _with_passage)
        ]
        train, held_out = self._parts(asked)
        return SupportData(
            train=train, held_out=held_out, passages=list(passages.values())
        ).checked()

    def _asked(
        self, passages: dict[str, Passage], placed: Placed[PairRow]
    ) -> LabelledText[LabelledQuestion]:
        row = placed.row
        asked = LabelledQuestion(row.question, row.passage_id or _add_passage(passages, row))
        words = " ".join(row.question.split()).casefold()
        split = row.split or split_by_text(words)
        return LabelledText(words, None, split, placed.place, asked)

    def _parts(
        self, asked: Sequence[LabelledText[LabelledQuestion]]
    ) -> tuple[list[LabelledQuestion], list[LabelledQuestion]]:
        """Questions to learn from and held-out ones, each once with each of its passages."""
        firsts = [replace(one, key=(one.key, one.row.passage_id)) for one in asked]
        distinct_texts(asked, drop_repeats=self.drop_repeats)
        held_out = {one.key for one in asked if one.split == "held_out"}
        kept = [
            first
            for one, first in zip(asked, firsts, strict=True)
            if one.split == "held_out" or one.key not in held_out
        ]
        found = distinct_texts(kept, drop_repeats=self.drop_repeats)
        return found.train, found.held_out


def _with_passage(row: PairRow) -> PairRow:
    if not row.question.strip():
        raise RecordRejected("`question` is empty")
    if not (row.passage or row.passage_id):
        raise RecordRejected(
            "there is neither `passage` nor `passage_id`; say which column holds it: "
            "`--map passage=COLUMN`"
        )
    return row


def _add_passage(passages: dict[str, Passage], row: PairRow) -> str:
    text = row.passage or ""
    passage_id = _digest(text)[:20]
    passages.setdefault(passage_id, Passage(id=passage_id, text=text))
    return passage_id


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
