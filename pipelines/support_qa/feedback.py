"""What people thought of answers, and what colleagues wrote, as something to learn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.running.training_spec import Source
from pipelines.support_qa.data import Contrast, LabelledQuestion, SupportData
from pipelines.training.pair_batches import Pair
from pipelines.training_data.data_files import read_messages
from pipelines.training_data.splits import split_by_text
from textwire.support_qa.feedback_results import Judged
from textwire.support_qa.messages import Passage, PassageText, QuestionText
from textwire.wire.message import Message

# "One moment please." answers nothing.
LEAST_WORDS = 6


class FeedbackRow(Message, frozen=True):
    """A question with what answers it, a passage or a colleague's words, and what did not."""

    question: QuestionText
    right: str | None = None
    wrong: str | None = None
    reply: PassageText | None = None


@dataclass(frozen=True)
class Learnable:
    """Rows to learn from, and how many judgements teach nothing: nobody said what is right."""

    rows: tuple[FeedbackRow, ...]
    unused: int


def learnable(judged: Sequence[Judged], known: Mapping[str, Passage]) -> Learnable:
    """What can be learned from.

    A thumb up says that the passage which the answer stood on is right. A colleague's correction
    says which one is, and that the other was not; a customer's words alone are nobody's knowledge.
    Of a colleague's replies to one question the longest counts.

    Args: known: the passages that there are, by id.
    """
    rows = [_row(one, known) for one in judged if one.question and one.kind != "replied"]
    replies: dict[tuple[str, str], FeedbackRow] = {}
    for one in judged:
        if one.kind != "replied" or not one.question or not one.text:
            continue
        row = FeedbackRow(question=one.question, reply=one.text)
        place = one.session_id, one.question_id
        if len(one.text) > len(replies[place].reply or "" if place in replies else ""):
            replies[place] = row
    telling = [row for row in replies.values() if len((row.reply or "").split()) >= LEAST_WORDS]
    used = [row for row in rows if row]
    return Learnable((*used, *telling), len(judged) - len(used) - len(telling))


def _row(one: Judged, known: Mapping[str, Passage]) -> FeedbackRow | None:
    stood_on = one.counts_for
    if one.kind == "helpful" and stood_on in known:
        return FeedbackRow(question=one.question, right=stood_on)
    if one.kind == "corrected" and one.by and one.passage_id in known:
        first = one.stood_on[0] if one.stood_on else None
        wrong = first if first in known and first != one.passage_id else None
        return FeedbackRow(question=one.question, right=one.passage_id, wrong=wrong)
    return None


@dataclass(frozen=True)
class WithFeedback:
    """A source of data and two files beside it: `feedback.jsonl`, and `knowledge.jsonl` it names.

    One question in five is held out, by its text.
    """

    before: Source[SupportData]
    folder: Path

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by names that do not tell where the folder is."""
        own = {f"feedback/{name}.jsonl": self.folder / f"{name}.jsonl" for name in OWN_FILES}
        return {**self.before.files, **own}

    def read(self) -> SupportData:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        data = self.before.read()
        feedback, knowledge = (self.folder / f"{name}.jsonl" for name in OWN_FILES)
        rows = read_messages(feedback, FeedbackRow)
        passages = {passage.id: passage for passage in data.passages}
        passages |= {passage.id: passage for passage in read_messages(knowledge, Passage)}
        asked = [LabelledQuestion(row.question, row.right) for row in rows if row.right]
        held_out = [one for one in asked if split_by_text(one.text) == "held_out"]
        return replace(
            data,
            passages=tuple(passages.values()),
            train=(*data.train, *(one for one in asked if one not in held_out)),
            held_out=(*data.held_out, *held_out),
            further_pairs=tuple(Pair(row.question, row.reply) for row in rows if row.reply),
            contrasts=tuple(
                Contrast(row.right, row.wrong) for row in rows if row.right and row.wrong
            ),
        ).checked()


OWN_FILES = ("feedback", "knowledge")
