"""The registry's name of models that somebody calls by their pipeline's."""

from __future__ import annotations

import click

from textwire.models.artifacts.registry import Registry
from textwire.models.artifacts.task_names import registered_name


def registered_task(named: str, registry: Registry) -> str:
    """The task that is meant, and a line on the error stream where it is called otherwise.

    What the registry does not hold is given back all the same.
    """
    task = registered_name(named, registry.tasks())
    if task != named:
        click.echo(f"The registry calls the models of `{named}` `{task}`.", err=True)
    return task
