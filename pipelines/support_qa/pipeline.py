"""Support QA as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipelines.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.own_data import OwnPairs
from pipelines.support_qa.samples import SampleQuestions
from pipelines.support_qa.settings import APPLICATION, TASK, SupportQaTrainingSettings
from pipelines.training_spec import Source
from textwire.results.store import ResultStore
from textwire.samples import samples_dir
from textwire.support_qa.feedback_results import read_judged


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


def count_feedback(store: ResultStore, since: datetime) -> int:
    """Judgements of answers and replies of colleagues since then."""
    return sum(one.at > since for one in read_judged(store))


def with_feedback(source: Source[SupportData], folder: Path) -> Source[SupportData]:
    """The source, and what people thought of answers; its files are written into the folder."""
    from pipelines.support_qa.feedback import WithFeedback, learnable
    from pipelines.support_qa.refining import read_feedback, write_files

    judged, known = read_feedback()
    together = WithFeedback(source, folder)
    write_files(learnable(judged, known), known, together)
    return together


pipeline = Pipeline(
    APPLICATION,
    TASK,
    usual,
    load_make,
    summary,
    load_judge,
    own_rows,
    count_feedback=count_feedback,
    with_feedback=with_feedback,
)
