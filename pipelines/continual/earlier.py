"""What a new version has lost of earlier tasks, for the gate."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.measuring.judgement import as_it_is
from pipelines.pipeline import Pipeline
from pipelines.running.progress import Progress
from pipelines.running.training_spec import D, S, Source, TrainingSpec
from pipelines.training.run import leads
from textwire.models.artifacts.registry import Registry


def most_forgotten(
    pipeline: Pipeline[D, S],
    spec: TrainingSpec[D, S],
    version: str,
    earlier: Mapping[str, Source[D]],
    registry: Registry,
    progress: Progress,
) -> float | None:
    """Of the task that lost most: what the champion knows of it, less what the new version knows.

    Both read each task's held-out rows as they serve. The champion is what learned the earlier
    tasks, so what it knows is the best that was known of them (Chaudhry et al. 2018,
    arXiv:1801.10112). Below 0: all of them profited.

    Args:    earlier: the rows of each task, by a name for people.
    Returns: None where there is nothing to compare: no task, no champion, or it is the champion.
    Raises:  DataError, DataFileError: rows cannot be used. ArtifactError: the champion cannot.
    """
    champion = registry.alias(pipeline.task)
    if not earlier or champion in (None, version) or pipeline.load_judge is None or not leads():
        return None
    judge, lost = pipeline.load_judge(), []
    known, new = registry.champion(pipeline.task), registry.open(pipeline.task, version)
    with progress.stage("Measuring what is forgotten"):
        for name, source in earlier.items():
            rows = source.read()
            before = judge(known, rows, spec.settings, as_it_is)
            now = judge(new, rows, spec.settings, as_it_is)
            lost.append(before.score - now.score)
            progress.say(
                f"  {name}: {before.metric} {now.score:.3f}, the champion {before.score:.3f}"
            )
    return max(lost)
