"""What is found for a question once the passage that answers it is taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pipelines.support_qa.data import LabelledQuestion
from textwire.support_qa.passage_index import CANDIDATES, Candidate, PassageIndex

# So many passages may say what the right one says, word for word.
MOST_REPEATS = 10


class WithoutAnswer(NamedTuple):
    """A question, and what is found for it once its answer is taken away."""

    question: LabelledQuestion
    found: list[Candidate]


def find_without_answers(
    index: PassageIndex, asked: Sequence[LabelledQuestion], k: int = CANDIDATES
) -> list[WithoutAnswer]:
    """For each question that has an answer, what an index without it would have found.

    But for the rarity of words, which is that of the whole index, and that one passage less is read
    closely.

    Args: k: so many candidates of each, at most.
    """
    known = index.by_id
    answered = [
        (question, known[question.passage_id].text)
        for question in asked
        if question.passage_id is not None and question.passage_id in known
    ]
    found = index.search([question.text for question, _ in answered], k + MOST_REPEATS)
    return [
        WithoutAnswer(question, without_text(candidates, answer)[:k])
        for candidates, (question, answer) in zip(found, answered, strict=True)
    ]


def without_text(candidates: Sequence[Candidate], text: str) -> list[Candidate]:
    """The candidates without those that say a text; those behind them move up."""
    gone = [candidate for candidate in candidates if candidate.passage.text == text]
    dense = [one.dense_rank for one in gone if one.dense_rank]
    words = [one.word_rank for one in gone if one.word_rank]
    return [
        replace(
            candidate,
            dense_rank=_moved_up(candidate.dense_rank, dense),
            word_rank=_moved_up(candidate.word_rank, words),
        )
        for candidate in candidates
        if candidate.passage.text != text
    ]


def _moved_up(rank: int | None, gone: Sequence[int]) -> int | None:
    return rank and rank - sum(other < rank for other in gone)
