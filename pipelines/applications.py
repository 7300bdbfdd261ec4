"""Which applications there are, found by their folders, and their pipelines by name.

An application is a package of this one whose module `cli` has a click group `group`, what makes its
model as `pipeline`, and, if it can be judged on public data, a command `evaluate`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import click

import pipelines
from pipelines.pipeline import Pipeline
from textwire.models.artifacts.task_names import pipeline_of
from textwire.models.shipped.champions import shipped_champion


def current_name(name: str) -> str:
    """The pipeline of that name, or the one whose models a registry calls so."""
    pipeline = pipeline_of(name)
    if pipeline != name:
        click.echo(f"`{name}` is what the registry calls the models of `{pipeline}`.", err=True)
    return pipeline


def application_names() -> list[str]:
    """Packages of this one that have a module `cli`."""
    return [
        module.name
        for module in pkgutil.iter_modules(pipelines.__path__)
        if module.ispkg and importlib.util.find_spec(f"pipelines.{module.name}.cli")
    ]


def pipelines_by_name() -> dict[str, Pipeline[Any, Any]]:
    """What each application gives, by the name that people write."""
    modules = {name.replace("_", "-"): cli_of(name) for name in application_names()}
    return {name: m.pipeline for name, m in modules.items() if hasattr(m, "pipeline")}


def chosen_pipelines(names: Sequence[str], *, every: bool) -> list[Pipeline[Any, Any]]:
    """Those that were named, or every one that something serves.

    Raises: UsageError: there is no such pipeline, or neither or both was asked for.
    """
    known = pipelines_by_name()
    current = [current_name(name) for name in names]
    if unknown := [name for name in current if name not in known]:
        raise click.UsageError(f"There is no pipeline {unknown[0]}. There are {', '.join(known)}.")
    if bool(current) == every:
        raise click.UsageError(f"Name some of {', '.join(known)}, or give --all.")
    if not every:
        return [known[name] for name in current]
    served = [pipeline for pipeline in known.values() if not pipeline.on_demand]
    needed = [pipeline for pipeline in served if not pipeline.optional]
    # Last, since they stand on what the others make.
    return [*needed, *(p for p in served if p.optional and shipped_champion(p.task))]


def cli_of(name: str) -> ModuleType:
    """The module `cli` of an application."""
    return importlib.import_module(f"pipelines.{name}.cli")
