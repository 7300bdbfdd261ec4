"""Support QA as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.own_data import OwnPairs
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import APPLICATION, TASK, SupportQaTrainingSettings
from textwire.samples import samples_dir


def usual() -> tuple[SampleQuestions, SupportQaTrainingSettings]:
    """The sample questions, and the settings chosen on them."""
    return SampleQuestions(samples_dir() / "support_qa"), SupportQaTrainingSettings()


def summary(metrics: Mapping[str, float]) -> str:
    """Retrieval beside the base model's, and how many answers that leads to."""
    m = metrics
    return (
        f"recall@1 {m['recall_at_1']:.3f} (base {m['base_recall_at_1']:.3f}), "
        f"recall@5 {m['recall_at_5']:.3f} (base {m['base_recall_at_5']:.3f}), "
        f"answers {m['coverage']:.0%} of the questions, {m['risk']:.1%} of them wrongly."
    )


def load_make() -> Make[SupportData, SupportQaTrainingSettings]:
    """What makes the artifact."""
    from pipelines.support_qa.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.support_qa.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> OwnPairs:
    """A file of one's own rows as a source."""
    return OwnPairs(data, None, mapping, drop_repeats)


pipeline = Pipeline(APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows)
