"""Dialogue acts as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.own_data import OwnTurns
from pipelines.dialogue_acts.samples import SampleTurns
from pipelines.dialogue_acts.settings import APPLICATION, DialogueActSettings
from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from textwire.samples import samples_dir
from textwire.support_qa.dialogue_acts import TASK


def usual() -> tuple[SampleTurns, DialogueActSettings]:
    """The turns that we wrote, and the settings chosen on them."""
    return SampleTurns(samples_dir() / "support_qa"), DialogueActSettings()


def summary(metrics: Mapping[str, float]) -> str:
    """Acts beside what it began with."""
    m = metrics
    return (
        f"acts {m['accuracy']:.1%} right (as it began {m['base_accuracy']:.1%}), macro-F1 "
        f"{m['macro_f1']:.3f}, ECE {m['ece']:.3f}."
    )


def load_make() -> Make[TurnData, DialogueActSettings]:
    """What makes the artifact."""
    from pipelines.dialogue_acts.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.dialogue_acts.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> OwnTurns:
    """A file of one's own rows as a source."""
    return OwnTurns(data, mapping, drop_repeats)


pipeline = Pipeline(
    APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows, in_shadow=True
)
