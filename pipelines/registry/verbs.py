"""`pipelines models ...`: which versions there are, which one serves, and why."""

from __future__ import annotations

from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.registry.comparison import compare_versions
from pipelines.registry.decisions import (
    Decision,
    What,
    champion_before,
    decisions,
    keep,
    now,
    somebody,
)
from pipelines.registry.pruning import prunable, prune
from pipelines.registry.reading import read_judged
from pipelines.registry.rules import read_rules
from pipelines.running.progress import Progress
from pipelines.running.registered_names import registered_task
from textwire.cli._groups import WholeSentences
from textwire.cli._options import data_dir_option
from textwire.errors import ArtifactError, ArtifactMissing
from textwire.models.artifacts.registry import CHALLENGER, CHAMPION, Registry, open_registry
from textwire.models.shipped.champions import register_champion, shipped_champion
from textwire.settings import StackSettings, load

SHOWN_METRICS = 60
# In place of a version's name: what travels with the code.
SHIPPED = "shipped"


@click.group(cls=WholeSentences)
@data_dir_option
def models() -> None:
    """Versions of models: list, show, compare, promote, roll back, prune.

    TASK is what the registry calls them, as `list` shows, or the pipeline that makes them:
    `sentiment` and `sentiment-alerts` are the same.
    """


@models.command("list")
@click.argument("task", required=False)
def list_versions(task: str | None) -> None:
    """Every version, with what serves and how good it is."""
    registry = open_registry()
    tasks = [known_task(registry, registered_task(task, registry))] if task else registry.tasks()
    if not tasks:
        click.echo(f"{registry.root} holds no model yet. `pipelines run --all` makes them.")
    table = Table(box=box.SIMPLE)
    for name in ("task", "version", "alias", "score", "ECE", "texts/s", "method", "MB"):
        table.add_column(name, overflow="fold")
    for name in tasks:
        for row in _rows(registry, name):
            table.add_row(name, *row)
    if tasks:
        # A pipe has no width: what reads it wants whole lines.
        console = Console()
        console = console if console.is_terminal else Console(width=200)
        console.print(table)


@models.command()
@click.argument("task")
@click.argument("version", required=False)
def show(task: str, version: str | None) -> None:
    """One version, the champion if none is named: what made it, figures, what was decided of it."""
    registry = open_registry()
    task = registered_task(task, registry)
    version = chosen_version(registry, task, version)
    manifest = registry.manifest(task, version)
    held = [alias for alias, name in registry.aliases(task).items() if name == version]
    click.echo(" ".join([task, version, *([f"({', '.join(held)})"] if held else [])]))
    click.echo(f"  base      {manifest.base} ({manifest.licence or 'its licence'})")
    click.echo(f"  method    {manifest.method}")
    click.echo(f"  made      {manifest.created_at:%Y-%m-%d %H:%M} UTC by Textwire "
               f"{manifest.textwire_version}")  # fmt: skip
    click.echo(f"  learned   from {', '.join(manifest.data)}")
    click.echo("  figures")
    for name, value in list(manifest.metrics.items())[:SHOWN_METRICS]:
        click.echo(f"    {name:<28}{value:.4g}")
    of_version = [one for one in decisions(registry, task) if one.version == version]
    for decision in of_version:
        click.echo(f"  {decision}")
    place = registry.open(task, version).path
    click.echo(f"  card      {place / 'README.md'}")


@models.command()
@click.argument("task")
@click.argument("version")
@click.argument("other", required=False)
def compare(task: str, version: str, other: str | None) -> None:
    """A version beside another, or beside the champion: figures, and row by row where both know."""
    registry = open_registry()
    task = registered_task(task, registry)
    other = chosen_version(registry, task, other)
    click.echo(compare_versions(registry, task, chosen_version(registry, task, version), other))


@models.command()
@click.argument("task")
@click.argument("version", required=False)
@click.option("--note", default="", help="Why, for those who look later.")
@click.pass_obj
def promote(progress: Progress, /, task: str, version: str | None, note: str) -> None:
    """Let a version serve, the challenger if none is named, whatever the gate said.

    Services take it within seconds, after having tried it out. The version `shipped` is the one
    that travels with the code; an upgrade brings it and leaves what serves alone.
    """
    registry = open_registry()
    task = registered_task(task, registry)
    if version == SHIPPED:
        shipped = _put_together(registry, task)
        _serve(registry, task, shipped, "promoted", note, progress)
        return
    named = version or registry.alias(known_task(registry, task), CHALLENGER)
    if named is None:
        raise ArtifactMissing(
            f"{task} has no {CHALLENGER}: name a version. {_there(registry, task)}"
        )
    _serve(registry, task, chosen_version(registry, task, named), "promoted", note, progress)


@models.command()
@click.argument("task")
@click.option("--note", default="", help="Why, for those who look later.")
@click.pass_obj
def rollback(progress: Progress, /, task: str, note: str) -> None:
    """Let the champion before serve again."""
    registry = open_registry()
    task = registered_task(task, registry)
    before = champion_before(registry, known_task(registry, task))
    if before is None:
        raise ArtifactMissing(
            f"No champion before {registry.alias(task)} of {task} is known and still there. "
            f"`pipelines models promote {task} VERSION` takes any. {_there(registry, task)}"
        )
    _serve(registry, task, before, "rolled_back", note, progress)


@models.command("prune")
@click.argument("task", required=False)
@click.option(
    "--keep",
    type=click.IntRange(min=0),
    help="How many stay beside those in use.  [default: as the gate says]",
)
@click.option("--dry-run", is_flag=True, help="Only say which would go.")
@click.option(
    "--gate",
    "rules_file",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="TEXTWIRE_GATE",
    help="Rules that say how many stay.  [default: those that are shipped]",
)
@click.pass_obj
def prune_versions(
    progress: Progress,
    /,
    task: str | None,
    keep: int | None,
    dry_run: bool,
    rules_file: Path | None,
) -> None:
    """Delete old versions; the champion, the one before and the challenger stay."""
    registry = open_registry()
    named = [known_task(registry, registered_task(task, registry))] if task else registry.tasks()
    for name in named:
        kept = read_rules(name, rules_file).keep_versions if keep is None else keep
        if dry_run:
            gone = prunable(registry, name, kept)
            progress.say(f"{name}: {', '.join(gone) or 'nothing'} would go.")
        elif not prune(registry, name, kept, progress):
            progress.say(f"{name}: nothing to remove.")


def known_task(registry: Registry, task: str) -> str:
    """The task itself.

    Raises: ArtifactMissing: it has no version here.
    """
    tasks = registry.tasks()
    if task not in tasks:
        raise ArtifactMissing(
            f"{registry.root} holds no model of {task!r}. "
            f"It holds models of: {', '.join(tasks) or 'nothing'}."
        )
    return task


def chosen_version(registry: Registry, task: str, named: str | None) -> str:
    """A version by its name, the beginning of it, or an alias; the champion if none is named.

    Raises: ArtifactMissing: there is none, or several begin so.
    """
    versions = registry.versions(known_task(registry, task))
    if named is None:
        champion = registry.alias(task)
        if champion is None:
            raise registry.no_champion(task)
        return champion
    aliased = registry.aliases(task).get(named)
    found = [aliased] if aliased else [name for name in versions if name.startswith(named)]
    if len(found) != 1:
        what = "No version" if not found else "More than one version"
        raise ArtifactMissing(f"{what} of {task} is {named!r}. {_there(registry, task)}")
    return found[0]


def _put_together(registry: Registry, task: str) -> str:
    """The version that travels with the code, registered.

    Raises: ArtifactMissing: none does. ArtifactCorrupt: it is not what was shipped.
            DataError: its base model is not installed.
    """
    shipped = shipped_champion(task)
    if shipped is None:
        raise ArtifactMissing(f"No model of {task!r} travels with the code.")
    return register_champion(shipped, registry, load(StackSettings).data_dir)


def _serve(
    registry: Registry, task: str, version: str, what: What, note: str, progress: Progress
) -> None:
    before = registry.alias(task)
    if before == version:
        progress.say(f"{version} is the {CHAMPION} of {task} already.")
        return
    registry.open(task, version)  # one that is damaged is refused here, and not by services
    registry.promote(task, version)
    if registry.alias(task, CHALLENGER) == version:
        registry.drop_alias(task, CHALLENGER)
    decision = Decision(
        what=what, task=task, version=version, before=before, at=now(), by=somebody(), note=note
    )
    keep(registry, decision)
    progress.say(f"{version} is now the {CHAMPION} of {task}, in place of {before or 'nothing'}.")


def _rows(registry: Registry, task: str) -> list[tuple[str, ...]]:
    by_version: dict[str, list[str]] = {}
    for alias, version in registry.aliases(task).items():
        by_version.setdefault(version, []).append(alias)
    return [
        (version, ", ".join(by_version.get(version, [])), *_figures(registry, task, version))
        for version in registry.versions(task)
    ]


def _figures(registry: Registry, task: str, version: str) -> tuple[str, ...]:
    """From the manifest and what was made of the rows alone: a remote model is not fetched."""
    try:
        manifest = registry.manifest(task, version)
    except ArtifactError as error:
        return ("", "", "", f"cannot be used: {error}", "")
    judged = read_judged(registry, task, version)
    figures = ("", "", "")
    if judged:
        score = f"{judged.metric} {judged.score:.3f}"
        figures = (score, f"{judged.ece:.3f}", f"{judged.texts_per_s:,.0f}")
    size = f"{registry.size(task, version) / 1e6:.0f}"
    return (*figures, str(manifest.settings.get("method", "")), size)


def _there(registry: Registry, task: str) -> str:
    return f"There are: {', '.join(registry.versions(task)) or 'none'}."
