"""A reranker costs time for every question, so it serves only where it makes answers better."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.pipeline import Pipeline
from pipelines.registry.promoting import promote_if_better
from pipelines.registry.rules import read_rules
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training.run import leads
from textwire.models.artifacts.registry import Registry


def promote_if_it_helps(
    pipeline: Pipeline[Any, Any],
    spec: TrainingSpec[Any, Any],
    version: str,
    registry: Registry,
    progress: Progress,
    rules_file: Path | None = None,
) -> bool:
    """Let it serve if it ranks better than the retriever alone, and the gate lets it in.

    Better: in as many draws of a paired bootstrap as the gate's rules ask for. One that does not
    help stays in the registry and can be promoted by hand.

    Raises: SettingsError: the rules cannot be read.
    """
    if not leads():
        return False
    certainty = read_rules(pipeline.task, rules_file).certainty
    chance = registry.manifest(pipeline.task, version).metrics["chance_of_gain"]
    if chance < certainty:
        progress.say(
            f"{version} ranks better than the retriever alone in {chance:.0%} of all draws, and "
            f"{certainty:.0%} are asked for, so nothing is reranked by it. To serve it all the "
            f"same: `pipelines models promote {pipeline.task} {version}`."
        )
        return False
    return promote_if_better(pipeline, spec, version, registry, progress, rules_file=rules_file)
