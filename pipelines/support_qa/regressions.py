"""What was found before and is not any more: questions that a new model is worse at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pipelines.support_qa.data import LabelledQuestion, SupportData
from pipelines.support_qa.evaluate import build_index
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx import OnnxEncoder
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.ranking import ranking_weights


class Comparison(NamedTuple):
    """Of the held-out questions, those whose passage only one of the two models finds first."""

    worse: list[LabelledQuestion]
    better: list[LabelledQuestion]


def compare_models(before: Artifact, after: Artifact, data: SupportData) -> Comparison:
    """Both models as they serve, int8, over the same passages and held-out questions."""
    firsts = [first_found(_served(one, data), data.held_out) for one in (before, after)]
    return compared(data.held_out, *firsts)


def _served(model: Artifact, data: SupportData) -> PassageIndex:
    index = build_index(OnnxEncoder(model, "int8", threads=2), data)
    return index.weighing(ranking_weights(model.manifest.ranking))


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
