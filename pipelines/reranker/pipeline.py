"""The reranker as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.reranker.data import RerankerData
from pipelines.reranker.own_data import own_questions
from pipelines.reranker.retriever import champion_version
from pipelines.reranker.samples import RankedQuestions
from pipelines.reranker.settings import APPLICATION, RerankerSettings
from pipelines.support_qa.samples import SampleQuestions
from textwire.samples import samples_dir
from textwire.support_qa.reranking import TASK


def usual() -> tuple[RankedQuestions, RerankerSettings]:
    """The sample questions, and the settings, for the retriever that serves."""
    source = RankedQuestions(SampleQuestions(samples_dir() / "support_qa"))
    return source, RerankerSettings(retriever=champion_version())


def summary(metrics: Mapping[str, float]) -> str:
    """Ranking beside the retriever's alone, and how many answers each leads to."""
    m = metrics
    return (
        f"recall@1 {m['recall_at_1']:.3f} (retriever alone {m['alone_recall_at_1']:.3f}), answers "
        f"{m['coverage']:.0%} of the questions, {m['risk']:.1%} of them wrongly (alone "
        f"{m['alone_coverage']:.0%}, {m['alone_risk']:.1%}); MRR on the questions that it was "
        f"fitted to {m['fitted_mrr']:.4f} (alone {m['fitted_alone_mrr']:.4f})."
    )


def load_make() -> Make[RerankerData, RerankerSettings]:
    """What makes the artifact."""
    from pipelines.reranker.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.reranker.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> RankedQuestions:
    """A file of one's own rows as a source."""
    return own_questions(data, None, mapping, drop_repeats)


pipeline = Pipeline(
    APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows, optional=True
)
