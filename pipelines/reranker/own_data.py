"""Anyone's own pairs of question and passage, as support QA learns from them."""

from __future__ import annotations

from pathlib import Path

from pipelines.reranker.samples import RankedQuestions
from pipelines.support_qa.own_data import OwnPairs


def own_questions(
    data: Path, knowledge: Path | None, mapping: tuple[str, ...], drop_repeats: bool
) -> RankedQuestions:
    """A file of pairs, and maybe one of passages that they name."""
    return RankedQuestions(OwnPairs(data, knowledge, mapping, drop_repeats))
