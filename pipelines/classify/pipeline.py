"""Own classes as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.classify.data import ClassedTexts
from pipelines.classify.rows import read_classed_texts
from pipelines.classify.settings import APPLICATION, TASK, ClassifySettings
from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.running.training_spec import Source
from pipelines.training_data.own_file import NoSamples, OwnFile


def usual() -> tuple[Source[ClassedTexts], ClassifySettings]:
    """Nothing to learn from, and the settings chosen on public data."""
    return NoSamples("Classes", "pipelines classify run"), ClassifySettings()


def summary(metrics: Mapping[str, float]) -> str:
    """How good it is beside a head on the base model."""
    m = metrics
    if "micro_f1" in m:
        return (
            f"micro-F1 {m['micro_f1']:.3f} (as it began {m['base_micro_f1']:.3f}), macro-F1 "
            f"{m['macro_f1']:.3f}, all classes right {m['exact']:.1%}, ECE {m['ece']:.3f}."
        )
    return (
        f"{m['accuracy']:.1%} right (as it began {m['base_accuracy']:.1%}), macro-F1 "
        f"{m['macro_f1']:.3f}, ECE {m['ece']:.3f}."
    )


def load_make() -> Make[ClassedTexts, ClassifySettings]:
    """What makes the artifact."""
    from pipelines.classify.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.classify.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> OwnFile[ClassedTexts]:
    """A file of one's own rows as a source."""
    return OwnFile(data, read_classed_texts, mapping, drop_repeats)


pipeline = Pipeline(
    APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows, on_demand=True
)
