"""`pipelines dialogue-acts ...`."""

from __future__ import annotations

from typing import Any

import click

from pipelines.dialogue_acts.own_data import OwnTurns
from pipelines.dialogue_acts.pipeline import pipeline
from pipelines.distillation.options import asked_distillation, distillation_options
from pipelines.running.options import RunOptions, learn_on_option, run_as_asked, run_options
from pipelines.running.progress import Progress
from textwire.cli._groups import WholeSentences
from textwire.errors import SettingsError


@click.group(cls=WholeSentences)
def group() -> None:
    """Dialogue acts: what a customer's message does in a support conversation."""


@group.command()
@run_options("Labelled messages", "text, act, before, also, split")
@learn_on_option
@distillation_options
@click.pass_obj
def run(progress: Progress, /, **asked: Any) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the sample turns unless --data is given. Skipped when it was done before.
    """
    options = RunOptions(distillation=asked_distillation(asked), **asked)
    run_as_asked(pipeline, _own(options), options, progress)


def _own(options: RunOptions) -> OwnTurns | None:
    if options.data:
        return OwnTurns(options.data, options.mapping, options.drop_repeats)
    if options.is_about_data:
        raise SettingsError("--map and --drop-repeats say more about --data, which is not given.")
    return None
