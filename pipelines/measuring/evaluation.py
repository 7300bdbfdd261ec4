"""What every `pipelines evaluate NAME` can be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from pipelines.bases.packaged import unpacked_base
from pipelines.running.options import FILE, base_option, set_option
from pipelines.running.training_spec import S, read_settings, with_wishes
from pipelines.tuning.methods import METHODS, Method
from textwire.settings import StackSettings, load

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class EvaluationOptions:
    """What was asked for; None where the usual is meant."""

    data: Path
    report: Path
    only: str | None
    base: str | None
    epochs: int | None
    method: Method | None
    settings: tuple[str, ...] = ()

    def wants(self, name: str) -> bool:
        """Whether a data set is to be measured."""
        return self.only in (None, name)

    def applied(self, usual: S) -> S:
        """The settings that are usual, with what was asked for.

        Raises: DataError: the package of a base is not installed.
                SettingsError: there is no such setting, or it does not take that value.
        """
        base = unpacked_base(self.base, load(StackSettings).data_dir)
        others = read_settings(usual, self.settings)
        return with_wishes(usual, base, self.epochs, self.method, others)


def evaluation_options(folders: str, report: Path, names: Sequence[str]) -> Callable[[F], F]:
    """The options that fill `EvaluationOptions`, for a command that takes them as keywords.

    Args: folders: what --data holds, for its help. names: the data sets that can be chosen.
    """
    options = (
        click.option(
            "--data",
            type=click.Path(exists=True, file_okay=False, path_type=Path),
            envvar="TEXTWIRE_DATA",
            required=True,
            help=f"Folder that holds {folders}.  [env: TEXTWIRE_DATA]",
        ),
        click.option("--report", type=FILE, default=report, show_default=True),
        click.option(
            "--only", type=click.Choice(names), help="One data set; no page of results is written."
        ),
        base_option,
        click.option("--epochs", type=click.IntRange(min=1), help="Other than the usual ones."),
        click.option("--method", type=click.Choice(METHODS), help="Other than the usual one."),
        set_option,
    )

    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add
