"""What was found before and is not any more: questions that a new model is worse at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.support_qa.data import LabelledQuestion, SupportData
from pipelines.support_qa.evaluate import served_index
from textwire.models.artifacts.artifact import Artifact
from textwire.support_qa.passage_index import PassageIndex


class Comparison(NamedTuple):
    """Of the held-out questions, those whose passage only one of the two models finds first."""

    worse: list[LabelledQuestion]
    better: list[LabelledQuestion]


def compare_models(before: Artifact, after: Artifact, data: SupportData) -> Comparison:
    """Both models as they serve, int8, over the same passages and held-out questions."""
    firsts = [first_found(served_index(one, data), data.held_out) for one in (before, after)]
    return compared(data.held_out, *firsts)


def compared(
    asked: Sequence[LabelledQuestion], before: Sequence[str | None], after: Sequence[str | None]
) -> Comparison:
    """Args: before, after: the id of the passage that each model found first."""
    worse, better = [], []
    for question, was, now in zip(asked, before, after, strict=True):
        if was == question.passage_id != now:
            worse.append(question)
        if now == question.passage_id != was:
            better.append(question)
    return Comparison(worse, better)


def first_found(index: PassageIndex, asked: Sequence[LabelledQuestion]) -> list[str | None]:
    """The id of the passage that each question finds first."""
    found = index.search([question.text for question in asked], 1)
    return [row[0].passage.id if row else None for row in found]
