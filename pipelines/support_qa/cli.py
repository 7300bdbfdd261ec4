"""`pipelines support-qa ...` and `pipelines evaluate support-qa`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from pipelines.progress import Progress
from pipelines.support_qa.own_pairs import OwnPairs
from pipelines.support_qa.run import Source, find_made, make_and_register, read_recipe
from pipelines.support_qa.samples import SampleFolder
from pipelines.support_qa.settings import TASK, SupportQaSettings
from textwire.errors import SettingsError
from textwire.models.registry import CHAMPION, Registry, open_registry
from textwire.samples import samples_dir
from textwire.settings import StackSettings, load

FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def group() -> None:
    """Support QA: the retriever that finds the passage for a question."""


@group.command()
@click.option("--data", type=FILE, help="Pairs of question and passage: .csv or .jsonl.")
@click.option("--knowledge", type=FILE, help="Passages that the pairs name by `passage_id`.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column of --data holds a field, such as passage=Answer. "
    "Fields: question, passage, passage_id, split.",
)
@click.option("--base", help="Another base model: a folder, or a name on the hub.")
@click.option("--epochs", type=click.IntRange(min=1), help="How often the data are gone through.")
@click.option("--force", is_flag=True, help="Make it anew even if it is there.")
@click.option("--no-promote", is_flag=True, help="Register it, but do not serve it.")
@click.pass_obj
def run(
    progress: Progress,
    data: Path | None,
    knowledge: Path | None,
    mapping: tuple[str, ...],
    base: str | None,
    epochs: int | None,
    force: bool,
    no_promote: bool,
) -> None:
    """Fine-tune, export, quantise, check, calibrate, register and promote.

    Learns from the samples unless --data is given. Skipped when it was done before.
    """
    usual = SupportQaSettings()
    settings = replace(usual, base=base or usual.base, epochs=epochs or usual.epochs)
    recipe = read_recipe(_source(data, knowledge, mapping), settings)
    registry = open_registry()
    version = None if force else find_made(recipe, registry, progress)
    if version:
        progress.say(f"{TASK} {version} was made from these data and settings: nothing to do.")
    else:
        version = make_and_register(recipe, registry, load(StackSettings).data_dir, progress)
        _tell(registry, version, progress)
    if not no_promote:
        _promote(registry, version, progress)


@click.command()
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds banking77/.  [env: TEXTWIRE_DATA]",
)
@click.option("--report", type=FILE, default=Path("docs/results/support_qa.md"), show_default=True)
@click.option("--epochs", type=click.IntRange(min=1), default=3, show_default=True)
@click.pass_obj
def evaluate(progress: Progress, data: Path, report: Path, epochs: int) -> None:
    """Intents of banking77: fine-tune on its training part, judge on its test part."""
    from pipelines.support_qa.banking77 import Banking77Settings, evaluate_banking77

    evaluate_banking77(data / "banking77", report, Banking77Settings(epochs=epochs), progress)


def _source(data: Path | None, knowledge: Path | None, mapping: tuple[str, ...]) -> Source:
    if data:
        return OwnPairs(data, knowledge, mapping)
    if knowledge or mapping:
        raise SettingsError("--knowledge and --map say more about --data, which is not given.")
    return SampleFolder(samples_dir() / "support")


def _promote(registry: Registry, version: str, progress: Progress) -> None:
    if registry.alias(TASK) != version:
        registry.promote(TASK, version)
        progress.say(f"{version} is now the {CHAMPION} of {TASK}.")


def _tell(registry: Registry, version: str, progress: Progress) -> None:
    m = registry.manifest(TASK, version).metrics
    progress.say(
        f"{TASK} {version}: recall@1 {m['recall_at_1']:.3f} (base {m['base_recall_at_1']:.3f}), "
        f"recall@5 {m['recall_at_5']:.3f} (base {m['base_recall_at_5']:.3f}), "
        f"answers {m['coverage']:.0%} of the questions, {m['risk']:.1%} of them wrongly."
    )
