"""Models of several people's own data beside each other: a name for each."""

from __future__ import annotations

from dataclasses import replace

from pipelines.applications import pipelines_by_name
from pipelines.pipeline import Pipeline
from pipelines.running.training_spec import D, S
from textwire.errors import SettingsError
from textwire.models.artifacts.names import is_plain


def named_pipeline(pipeline: Pipeline[D, S], name: str | None) -> Pipeline[D, S]:
    """The same under another name in the registry; itself where none is given.

    Raises: SettingsError: the name cannot stand in a path, or is another pipeline's.
    """
    if name is None:
        return pipeline
    if not is_plain(name):
        raise SettingsError(
            f"--name {name!r}: a name is of letters, digits, dots, dashes and underscores, and "
            "begins with a letter or a digit."
        )
    others = pipelines_by_name()
    taken = {*others, *(other.task for other in others.values())} - {pipeline.task}
    if name in taken:
        raise SettingsError(f"--name {name}: models of that name are another pipeline's.")
    return replace(pipeline, task=name)
