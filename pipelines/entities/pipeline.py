"""Entities as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.entities.data import EntityData
from pipelines.entities.rows import read_annotated
from pipelines.entities.settings import APPLICATION, TASK, EntitySettings
from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.running.training_spec import Source
from pipelines.training_data.own_file import NoSamples, OwnFile


def usual() -> tuple[Source[EntityData], EntitySettings]:
    """Nothing to learn from, and the settings chosen on public data."""
    return NoSamples("Entities", "pipelines entities run"), EntitySettings()


def summary(metrics: Mapping[str, float]) -> str:
    """Entities beside a head on the base model."""
    m = metrics
    return (
        f"F1 of entities {m['f1']:.3f} (a head on the base {m['base_f1']:.3f}), precision "
        f"{m['precision']:.3f}, recall {m['recall']:.3f}, ECE {m['ece']:.3f}."
    )


def load_make() -> Make[EntityData, EntitySettings]:
    """What makes the artifact."""
    from pipelines.entities.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.entities.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> OwnFile[EntityData]:
    """A file of one's own rows as a source."""
    return OwnFile(data, read_annotated, mapping, drop_repeats)


pipeline = Pipeline(
    APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows, on_demand=True
)
