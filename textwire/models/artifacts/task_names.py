"""One model, two names: what a registry calls it, and the pipeline that makes it."""

from __future__ import annotations

from collections.abc import Collection

# Registries that stand know one pipeline's models by the name that it had before.
TASKS = {"sentiment-alerts": "sentiment"}
PIPELINES = {task: pipeline for pipeline, task in TASKS.items()}


def task_of(pipeline: str) -> str:
    """What the registry calls a pipeline's models."""
    return TASKS.get(pipeline, pipeline)


def pipeline_of(task: str) -> str:
    """The pipeline that makes a task's models."""
    return PIPELINES.get(task, task)


def registered_name(named: str, tasks: Collection[str]) -> str:
    """The task that somebody means by its own name or by its pipeline's.

    Args: tasks: those that the registry holds; a name that is among them means itself.
    """
    return named if named in tasks else task_of(named)
