"""The command `pipelines pretrain`."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, replace
from pathlib import Path

import click
import msgspec

from pipelines.distillation.unlabelled import read_unlabelled
from pipelines.pretraining.settings import WAYS, By, PretrainingSettings
from pipelines.running.options import FILE
from pipelines.running.progress import Progress
from pipelines.running.training_spec import read_settings
from textwire.errors import DataError
from textwire.models.artifacts.artifact import hash_file
from textwire.models.base_model import PACKAGED, find_base

MADE_BY = "pretraining.json"


@click.command()
@click.argument("texts", type=FILE)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder for the base model that comes out; there must be none.",
)
@click.option(
    "--by",
    type=click.Choice(WAYS),
    default="mlm",
    show_default=True,
    help="mlm: tell words that were masked. simcse: know a text again.",
)
@click.option("--base", default=PACKAGED, show_default=True, help="A folder, or a name on the hub.")
@click.option("--epochs", type=click.IntRange(min=1), help="How often the texts are gone through.")
@click.option(
    "--set",
    "written",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any setting of the recipe, such as batch_texts=32 or masked=0.3.",
)
@click.pass_obj
def pretrain(
    progress: Progress,
    /,
    texts: Path,
    to: Path,
    by: By,
    base: str,
    epochs: int | None,
    written: tuple[str, ...],
) -> None:
    """Pretrain a base model further on unlabelled TEXTS; what comes out is a --base.

    TEXTS is a .txt with one in each line, or a .csv or .jsonl with a column `text`.
    """
    if to.exists():
        raise DataError(f"{to} is there already: name a folder that is not, or remove it.")
    usual = PretrainingSettings(by=by)
    settings = replace(usual, **read_settings(usual, written))
    settings = replace(settings, epochs=epochs or settings.epochs)
    found, read = find_base(base), read_unlabelled(texts)
    from pipelines.pretraining.learning import pretrain as learn

    to.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that no half of a model is ever found there.
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".pretraining-") as aside:
        made = Path(aside) / to.name
        made.mkdir()
        with progress.stage(f"Learning from {len(read):,} texts") as stage:
            losses = learn(found, read, settings, made, stage)
        made_by = {
            "base": found.name,
            "base_sha256": found.weights_hash(),
            "licence": found.licence,
            "texts": {texts.name: hash_file(texts)},
            "settings": asdict(settings),
            "losses": losses,
        }
        (made / MADE_BY).write_bytes(msgspec.json.format(msgspec.json.encode(made_by)))
        made.rename(to)
    progress.say(
        f"{to} went on from {found.name} by {settings.by} over {len(read):,} texts, loss "
        f"{losses[0]:.3f} in the first epoch and {losses[-1]:.3f} in the last: `--base {to}`."
    )
