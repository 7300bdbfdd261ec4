"""The models of several applications, one after another, in one process: torch is loaded once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipelines.pipeline import Pipeline
from pipelines.registry.promoting import promote_if_better
from pipelines.running.progress import Progress
from pipelines.running.run import run_pipeline
from pipelines.running.training_spec import with_wishes
from pipelines.tuning.methods import Method
from textwire.models.artifacts.registry import CHAMPION, Registry
from textwire.models.shipped.champions import install_champion, shipped_champion


def run_pipelines(
    pipelines: Sequence[Pipeline[Any, Any]],
    registry: Registry,
    work_dir: Path,
    progress: Progress,
    *,
    missing: bool = False,
    force: bool = False,
    method: Method | None = None,
    rules_file: Path | None = None,
) -> None:
    """Make what the samples and the usual settings make, unless it is there; the gate lets it in.

    Args:   missing: leave alone what has a champion, whatever that was made from: it may be
            somebody's own. One that travels with the code is put together and not made.
            method: what learns; None: as usual. rules_file: of the gate; None: the shipped one.
    Raises: DataError: data cannot be used.
            ArtifactError: an int8 graph strays too far from its model.
    """
    wanted = [p for p in pipelines if not (missing and registry.alias(p.task))]
    if not wanted:
        progress.say(f"Every application has its {CHAMPION}: nothing to do.")
    for number, pipeline in enumerate(wanted, start=1):
        with progress.part(pipeline.task, number, len(wanted)):
            shipped = shipped_champion(pipeline.task) if missing else None
            if shipped:
                with progress.stage("Putting together what travels"):
                    install_champion(shipped, registry, work_dir)
                continue
            source, usual = pipeline.usual()
            spec = pipeline.spec(source, with_wishes(usual, None, None, method))
            version = run_pipeline(pipeline, spec, registry, work_dir, progress, force=force)
            promote_if_better(pipeline, spec, version, registry, progress, rules_file=rules_file)
