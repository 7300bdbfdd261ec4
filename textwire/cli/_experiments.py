"""`textwire recs experiment`: two versions of the model against each other."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from textwire.cli._console import print_table
from textwire.cli._groups import WholeSentences

if TYPE_CHECKING:
    from textwire.recommendations.experiments.experiment import Experiment
    from textwire.recommendations.experiments.figures import Figures, Finding
    from textwire.results.redis import RedisResults

TASK = "recommendations"


@click.group(cls=WholeSentences)
def experiment() -> None:
    """Let two versions of the model serve, and see which one people take more from."""


@experiment.command("list")
def list_experiments() -> None:
    """List experiments, the last first."""
    from textwire.recommendations.experiments.stored import read_experiments

    with closing(_results()) as store:
        known = read_experiments(store)
    if not known:
        click.echo("There is none. Begin one: `textwire recs experiment start NAME --b VERSION`.")
        return
    rows = (
        [one.name, "runs" if one.runs else "ended", one.mode, one.a, one.b, _day(one.started_at)]
        for one in known
    )
    print_table(("name", "", "mode", "a", "b", "started"), rows)


@experiment.command()
@click.argument("name")
@click.option("--b", "version_b", required=True, metavar="VERSION", help="The challenging version.")
@click.option("--a", "version_a", metavar="VERSION", help="The other.  [default: the champion]")
@click.option(
    "--share",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.5,
    show_default=True,
    help="Of users, who are shown the lists of B.",
)
@click.option("--interleaved", is_flag=True, help="Show everybody both, picking in turn.")
@click.option(
    "--within-hours",
    type=click.FloatRange(0, 168, min_open=True),
    default=24.0,
    show_default=True,
    help="How long after a list a click or purchase counts for it.",
)
@click.option(
    "--users",
    "planned_users",
    type=click.IntRange(min=100),
    default=5_000,
    show_default=True,
    help="About how many will take part: there the intervals are narrowest.",
)
def start(
    name: str,
    version_a: str | None,
    version_b: str,
    share: float,
    interleaved: bool,
    within_hours: float,
    planned_users: int,
) -> None:
    """Let the experiment NAME run.

    Services load both versions, and users are divided by a hash of their id and NAME, for as long
    as it runs. All of this is fixed now, so that nobody changes arms.
    """
    import msgspec

    from textwire.errors import Refused
    from textwire.models.artifacts.registry import CHAMPION, open_registry
    from textwire.recommendations.experiments.experiment import Experiment
    from textwire.recommendations.experiments.stored import start as start_one

    registry = open_registry()
    aliases, versions = registry.aliases(TASK), registry.versions(TASK)
    named = {"a": version_a or aliases.get(CHAMPION, ""), "b": version_b}
    named = {arm: aliases.get(version, version) for arm, version in named.items()}
    for arm, version in named.items():
        if version not in versions:
            raise Refused(
                f"--{arm} names {version or 'no version'}, which {registry.root} does not have. "
                "`pipelines models list recommendations` shows those that there are."
            )
    fields = {
        "name": name,
        **named,
        "share": share,
        "mode": "interleaved" if interleaved else "split",
        "within_hours": within_hours,
        "planned_users": planned_users,
        "started_at": datetime.now(UTC),
    }
    try:
        begun = msgspec.convert(fields, Experiment)
    except msgspec.ValidationError as error:
        raise Refused(f"{name!r} is no name of an experiment: {error}.") from error
    with closing(_results()) as store:
        start_one(store, begun)
    click.echo(
        f"{name} runs: {begun.a} is a, {begun.b} is b. Services take part once they have loaded "
        f"both. `textwire recs experiment show {name}` says what came of it so far."
    )


@experiment.command()
@click.argument("name")
def stop(name: str) -> None:
    """Let the experiment NAME end: everybody is shown the champion's lists again."""
    from textwire.recommendations.experiments.stored import stop as stop_one

    with closing(_results()) as store:
        stop_one(store, name, datetime.now(UTC))
    click.echo(f"{name} has ended. Its figures stay: `textwire recs experiment show {name}`.")


@experiment.command()
@click.argument("name")
def remove(name: str) -> None:
    """Forget the experiment NAME and its figures."""
    from textwire.errors import Refused
    from textwire.recommendations.experiments.stored import read_experiment, remove_writes

    with closing(_results()) as store:
        if read_experiment(store, name).runs:
            raise Refused(f"{name} runs. Stop it first: `textwire recs experiment stop {name}`.")
        store.write(remove_writes(name))
    click.echo(f"{name} is forgotten.")


@experiment.command()
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
def show(name: str, as_json: bool) -> None:
    """Show what came of the experiment NAME so far.

    Intervals hold at 95 % whenever and however often somebody looks, so it may be stopped as soon
    as one leaves 0 out.
    """
    import msgspec

    from textwire.recommendations.experiments.figures import read_figures
    from textwire.recommendations.experiments.stored import read_experiment

    with closing(_results()) as store:
        figures = read_figures(store, read_experiment(store, name))
    if as_json:
        click.echo(msgspec.json.encode(figures))
        return
    _show(figures)


def _show(figures: Figures) -> None:
    one = figures.experiment
    click.echo(_said(one))
    print_table(
        ("arm", "users", "lists", "clicks", "users who clicked", "purchases", "users who bought"),
        (
            [
                arm,
                f"{of.users:,}",
                f"{of.lists:,}",
                f"{of.clicks:,}",
                f"{of.clicked:,}",
                f"{of.purchases:,}",
                f"{of.bought:,}",
            ]
            for arm, of in figures.arms.items()
        ),
    )
    headings = ("", "a", "b", "b - a" if one.mode == "split" else "b - half", "95 %", "p", "")
    print_table(headings, (_row(finding) for finding in figures.findings))


def _said(one: Experiment) -> str:
    state = "runs" if one.stopped_at is None else f"ended {_day(one.stopped_at)}"
    who = "everybody is shown both" if one.mode == "interleaved" else f"{one.share:.0%} are shown b"
    return f"{one.name} {state}, since {_day(one.started_at)}: a {one.a}, b {one.b}; {who}."


def _row(finding: Finding) -> list[str]:
    def told(value: float) -> str:
        return f"{value:.2%}" if finding.is_share else f"{value:.4f}"

    verdict = finding.verdict
    cells = [finding.name, told(finding.a), told(finding.b)]
    if verdict is None:
        return [*cells, "", "", "", "too few users"]
    interval = f"{told(verdict.low)} to {told(verdict.high)}"
    says = "differs" if verdict.is_significant else "undecided"
    return [*cells, told(verdict.difference), interval, f"{verdict.p:.4f}", says]


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _results() -> RedisResults:
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults

    return RedisResults.from_url(redis_url())
