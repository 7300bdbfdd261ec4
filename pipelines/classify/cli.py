"""`pipelines classify ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from pipelines.classify.pipeline import own_rows, pipeline
from pipelines.classify.public.evaluate import evaluate
from pipelines.distillation.options import asked_distillation, distillation_options
from pipelines.running.chosen_model import chosen_model
from pipelines.running.naming import named_pipeline
from pipelines.running.options import RunOptions, learn_on_option, run_as_asked, run_options
from pipelines.running.predicting import predict_options
from pipelines.running.progress import Progress
from textwire.cli._groups import WholeSentences
from textwire.errors import SettingsError
from textwire.models.artifacts.registry import open_registry

__all__ = ["evaluate", "group", "pipeline"]


@click.group(cls=WholeSentences)
def group() -> None:
    """Your own classes: one for each text, or several."""


@group.command()
@click.option("--name", help="What the registry calls it; for more than one classifier.")
@run_options(
    "Texts with their class in `label`, or several in `labels`", "text, label, labels, split"
)
@learn_on_option
@distillation_options
@click.pass_obj
def run(progress: Progress, /, name: str | None, **asked: Any) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Skipped when it was done before.
    """
    options = RunOptions(distillation=asked_distillation(asked), **asked)
    if options.data is None:
        raise SettingsError("Classes are your own: give the texts that show them with --data.")
    own = own_rows(options.data, options.mapping, options.drop_repeats)
    run_as_asked(named_pipeline(pipeline, name), own, options, progress)


@group.command()
@predict_options
def predict(model: str, file: Path, mapping: tuple[str, ...], out: Path | None) -> None:
    """Tell the classes of the texts in FILE, one JSON line for each.

    MODEL is what `run --name` said (`classify` without it), which means its champion; a version of
    it, NAME/VERSION; or a folder.
    """
    # Imported here: the engine would cost every command half a second.
    from pipelines.classify.predict import label_file

    label_file(chosen_model(model, open_registry()), file, mapping, out)
