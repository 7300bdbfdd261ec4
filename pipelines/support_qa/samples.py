"""The sample world's bank, or a folder like it: four files in JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.support_qa.data import LabelledQuestion, SupportData
from pipelines.training_data.data_files import by_path, read_messages
from pipelines.training_data.splits import Split
from textwire.support_qa.messages import Passage
from textwire.wire.message import Message


class QuestionRow(Message, frozen=True):
    """A customer's question with the passage that answers it."""

    passage_id: str
    text: str
    split: Split


class FollowUpRow(Message, frozen=True):
    """A question that leans on those before it."""

    passage_id: str
    turns: list[str]
    text: str
    split: Split


class UnanswerableRow(Message, frozen=True):
    """A question that no passage answers; `near` when it is of the same trade."""

    text: str
    near: bool
    split: Split


@dataclass(frozen=True)
class SampleQuestions:
    """A source of data: `knowledge`, `questions`, `follow_ups` and `unanswerable`.jsonl."""

    folder: Path

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder."""
        names = ("knowledge", "questions", "follow_ups", "unanswerable")
        return by_path(*(self.folder / f"{name}.jsonl" for name in names))

    def read(self) -> SupportData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        knowledge, questions, follow_ups, unanswerable = self.files.values()
        asked = _questions(questions) + _follow_ups(follow_ups)
        rows = read_messages(unanswerable, UnanswerableRow)
        return SupportData(
            passages=read_messages(knowledge, Passage),
            train=[question for question, split in asked if split == "train"],
            held_out=[question for question, split in asked if split == "held_out"],
            unanswerable_train=[
                LabelledQuestion(row.text, None) for row in rows if row.split == "train"
            ],
            unanswerable_held_out=[
                LabelledQuestion(row.text, None) for row in rows if row.split == "held_out"
            ],
        ).checked()


def _questions(path: Path) -> list[tuple[LabelledQuestion, Split]]:
    rows = read_messages(path, QuestionRow)
    return [(LabelledQuestion(row.text, row.passage_id), row.split) for row in rows]


def _follow_ups(path: Path) -> list[tuple[LabelledQuestion, Split]]:
    """Follow-ups as the service reads them: with the turns before."""
    rows = read_messages(path, FollowUpRow)
    return [
        (LabelledQuestion("\n".join([*row.turns, row.text]), row.passage_id), row.split)
        for row in rows
    ]
