"""`textwire dead purge`: dead letters deleted for good."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from textwire.stream.dead_letters.letters import AT
from textwire.stream.dead_letters.replaying import DEAD, dead_topic

if TYPE_CHECKING:
    from textwire.stream.dead_letters.topics import Deletion
    from textwire.wire.record import Partition, Record

Plans = dict[str, "dict[Partition, Deletion]"]


@click.command()
@click.argument("topic", required=False)
@click.option(
    "--older-than",
    "days",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Only those that could not be used longer ago.",
)
@click.option("--key", help="Only those of records with this key: of a session, a user.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(topic: str | None, days: float | None, key: str | None, yes: bool) -> None:
    """Delete the dead letters of TOPIC for good, or of all topics.

    Nobody can read them from then on; the broker frees their place as it deletes its old files.
    Kafka deletes from the beginning of a topic only, so letters that stay are written again where
    they lie between those that go: they get new offsets.
    """
    from textwire.stream.clients.reading import read_to_end, topic_names
    from textwire.stream.dead_letters.topics import delete_letters, plan_deletions

    names = [dead_topic(topic)] if topic else [n for n in topic_names() if n.endswith(DEAD)]
    before = None if days is None else datetime.now(UTC) - timedelta(days=days)
    goes = partial(_goes, before=before, key=None if key is None else key.encode())
    plans = {name: plan_deletions(read_to_end(name), goes) for name in names}
    there = {name: plan for name, plan in plans.items() if plan}
    if not there:
        click.echo("There are no such dead letters.")
        return
    if not yes:
        click.confirm(f"Delete {_counted(there)} for good?", abort=True)
    for name, plan in there.items():
        delete_letters(name, plan, goes)
        click.echo(f"Deleted {_counted({name: plan})}.{_moved(name, plan)}")


def _goes(letter: Record, before: datetime | None, key: bytes | None) -> bool:
    of_key = key is None or letter.key == key
    return of_key and (before is None or _refused_at(letter) < before)


def _refused_at(letter: Record) -> datetime:
    """When the record could not be used; where that was not noted, when its letter was written."""
    try:
        noted = datetime.fromisoformat(letter.headers.get(AT, b"").decode())
    except ValueError:
        return datetime.fromtimestamp(max(0, letter.timestamp_ms) / 1000, tz=UTC)
    return noted if noted.tzinfo else noted.replace(tzinfo=UTC)


def _counted(plans: Plans) -> str:
    counts = {n: sum(part.letters for part in plan.values()) for n, plan in plans.items()}
    return ", ".join(f"{count:,} of {name}" for name, count in counts.items())


def _moved(name: str, plan: dict[Partition, Deletion]) -> str:
    moved = sum(part.moved for part in plan.values())
    again = (
        f" {moved:,} that stay were written again: `textwire dead list {name}` has their offsets."
    )
    return again if moved else ""
