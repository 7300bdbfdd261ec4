"""What a `pipelines NAME run` can be told of a teacher and of a smaller student."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from pipelines.bases.mpnet import NAME
from pipelines.distillation.settings import KD_WEIGHT, TEMPERATURE, Distillation
from textwire.errors import SettingsError
from textwire.settings import StackSettings, load

FILE = click.Path(dir_okay=False, path_type=Path)
F = TypeVar("F", bound=Callable[..., Any])
NAMES = ("teachers", "unlabelled", "layers", "kd_weight", "kd_temperature", "kd_layers")


def distillation_options(command: F) -> F:
    """Add the options that `asked_distillation` takes out of a command's keywords again."""
    options = (
        click.option(
            "--teacher",
            "teachers",
            multiple=True,
            metavar="PATH_OR_BASE",
            help="Learn from what a larger model says too: the folder of one that was made for "
            f"this task, or a base model, such as {NAME}, which learns from the same data first. "
            "Give several for an ensemble.",
        ),
        click.option(
            "--unlabelled",
            type=FILE,
            help="Texts that the teacher labels: .txt, or .csv or .jsonl with a column text.",
        ),
        click.option(
            "--layers",
            type=click.IntRange(min=1),
            help="So many of the base model's layers are kept, evenly chosen.",
        ),
        click.option(
            "--kd-weight",
            type=click.FloatRange(0, 1),
            help="What the teacher's word weighs; the rest is that of the labels.  "
            f"[default: {KD_WEIGHT}]",
        ),
        click.option(
            "--kd-temperature",
            type=click.FloatRange(0, min_open=True),
            help="What logits are divided by before they are compared.  "
            "[default: 2; of similarities 0.05]",
        ),
        click.option(
            "--kd-layers",
            is_flag=True,
            help="Come near the teacher in every layer too; of classifiers, with one teacher.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def asked_distillation(
    asked: dict[str, Any], usual_temperature: float = TEMPERATURE
) -> Distillation | None:
    """Take those options out of a command's keywords; None where none was given.

    Raises: SettingsError: something is said of a teacher, and there is none.
    """
    teachers, unlabelled, layers, weight, temperature, by_layers = (
        asked.pop(name) for name in NAMES
    )
    if not teachers and (unlabelled or by_layers or weight is not None or temperature is not None):
        raise SettingsError(
            "--unlabelled and what begins with --kd- say more about --teacher, which is not given."
        )
    if by_layers and len(teachers) > 1:
        raise SettingsError("--kd-layers takes one --teacher: layers of several have no mean.")
    if not teachers and layers is None:
        return None
    return Distillation(
        teachers=tuple(teachers),
        cache=load(StackSettings).data_dir / "distillation",
        unlabelled=unlabelled,
        layers=layers,
        kd_weight=KD_WEIGHT if weight is None else weight,
        temperature=usual_temperature if temperature is None else temperature,
        by_layers=by_layers,
    )
