"""Recommendations: the catalogue, a user's list and profile, and forgetting a user."""

from __future__ import annotations

from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click
import msgspec
from rich.text import Text

from textwire.cli._compacted_topic import cut
from textwire.cli._console import console, print_table
from textwire.cli._experiments import experiment
from textwire.cli._groups import WholeSentences
from textwire.cli._items import ITEMS
from textwire.cli._options import loading_options, replaying_options
from textwire.cli._retention import told_retention
from textwire.cli._row_files import RowFiles
from textwire.recommendations.messages import MOST_SCORES, Item, Mode
from textwire.recommendations.topics import RECS_EVENTS, RECS_REQUESTS, RECS_SCORES
from textwire.stream.readable import readable
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.recommendations.messages import DroppedItem, ScoredItem, ScoredList
    from textwire.recommendations.results import Profile
    from textwire.results.redis import RedisResults

SHOWN_NAMES = 8
HOLD_USERS: tuple[Topic, ...] = (RECS_EVENTS, RECS_REQUESTS, RECS_SCORES)


@click.group(cls=WholeSentences)
def recs() -> None:
    """Load the catalogue, ask for a user's list, see and forget a user, compare two models."""


recs.add_command(experiment)


@recs.command()
@loading_options(Item, example="title=Name")
def load(
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    skip_bad: bool,
    id_prefix: str,
    encoding: str | None,
) -> None:
    """Load items from FILES: .jsonl, .json, .csv, .tsv (also packed, .gz), .xlsx or .parquet.

    An item whose id is there already is replaced. A row without an id gets one from its content.
    Nothing is sent unless every row is good.
    """
    rows = RowFiles(Item, files, mapping, id_prefix=id_prefix, encoding=encoding)
    ITEMS.load(rows, skip_bad=skip_bad)


@recs.command()
@loading_options(Item, example="title=Name")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def sync(
    files: tuple[Path, ...],
    mapping: tuple[str, ...],
    skip_bad: bool,
    id_prefix: str,
    encoding: str | None,
    dry_run: bool,
) -> None:
    """Make the catalogue equal to FILES.

    What is new or changed is sent, what is gone from the files is removed, and what is the same
    costs nothing. With --id-prefix, only items whose ids begin with it are removed.
    """
    rows = RowFiles(Item, files, mapping, id_prefix=id_prefix, encoding=encoding)
    ITEMS.sync(rows, id_prefix, skip_bad=skip_bad, dry_run=dry_run)


@recs.command()
@click.argument("file", type=click.Path(path_type=Path))
@replaying_options(example="item_id=asin, or kind=:purchase for every row")
def replay(**options: Any) -> None:
    """Send the rows of FILE as what users did: `textwire feed replay FILE --topic recs.events`."""
    from textwire.cli.feed import replay as feed_replay

    click.get_current_context().invoke(feed_replay, topic_name=RECS_EVENTS.name, **options)


@recs.command("list")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines, which `load` reads again.")
def list_items(as_json: bool) -> None:
    """List every item of the catalogue, by id."""
    if as_json:
        ITEMS.print_json(ITEMS.known())
    elif items := ITEMS.known():
        print_table(("id", "title", "category", "price", "tags"), (_as_row(item) for item in items))
        click.echo(ITEMS.counted(len(items)), err=True)
    else:
        click.echo("The catalogue is empty. Load something: `textwire recs load FILE`.")


@recs.command()
@click.argument("ids", nargs=-1, required=True)
def remove(ids: tuple[str, ...]) -> None:
    """Remove items by their IDS."""
    ITEMS.remove(ids)


@recs.command()
@click.argument("user")
@click.option("--context", help="What the user is after just now, in words.")
@click.option("--k", type=click.IntRange(min=1), help="How many items.  [default: as set]")
@click.option("--candidates", metavar="ID,ID", help="Rank these items alone.")
@click.option(
    "--mode",
    type=click.Choice(get_args(Mode)),
    default="for_user",
    show_default=True,
    help="What kind of list.",
)
@click.option("--item", "item_id", metavar="ID", help="What the list is similar to, or goes with.")
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD=VALUE",
    help="What items must have: category=Kitchen, tags=steel,new (any of them), price=10..50.",
)
@click.option("--exclude", metavar="ID,ID", help="Leave these items out.")
@click.option("--exclude-seen", is_flag=True, help="Leave out what the user opened.")
@click.option("--allow-bought", is_flag=True, help="Offer again what the user bought.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    default=30.0,
    show_default=True,
    help="Longest wait for the list, in seconds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as it is on the topic.")
def ask(
    user: str,
    candidates: str | None,
    filters: tuple[str, ...],
    exclude: str | None,
    timeout_s: float,
    as_json: bool,
    **wishes: Any,
) -> None:
    """Ask for the list of USER, and show why each item stands in it.

    The request goes through Kafka, as every program's does. Exit status: 0 when there is a list, 1
    when the request was refused or no list came.
    """
    from textwire.errors import Refused
    from textwire.recommendations.catalogue.filters import parse_filter
    from textwire.recommendations.client import RecommendationsClient

    wishes["candidates"] = None if candidates is None else _ids(candidates)
    wishes["exclude"] = _ids(exclude or "")
    wishes["filters"] = dict(parse_filter(option) for option in filters)
    with closing(RecommendationsClient("textwire recs")) as line:
        scored = line.ask(user, timeout_s, **wishes)
    if as_json:
        click.echo(msgspec.json.encode(scored))
    if scored.error:
        raise Refused(readable(scored.error))
    if not as_json:
        _show(scored)


@recs.command()
@click.option(
    "--users",
    required=True,
    type=click.Path(path_type=Path),
    help="A user a line (.txt), or rows with user_id and, where wanted, other fields of a request.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the lists go: .jsonl, as on recs.scores, or .csv.",
)
@click.option("--k", type=click.IntRange(1, MOST_SCORES), help="How many items.  [default: as set]")
@click.option(
    "--ray",
    "ray_address",
    is_flag=False,
    flag_value="local",
    metavar="[ADDRESS]",
    help="Spread over a Ray cluster: this machine's CPUs, or that of ADDRESS. Needs textwire[ray].",
)
def score(users: Path, out: Path, k: int | None, ray_address: str | None) -> None:
    """Write the lists of many users to a file, past the topics.

    By the champion, the catalogue, and what the service knows of the users now.
    """
    from textwire.cli._bulk_scoring import score_users

    score_users(users, out, k, ITEMS.known(), ray_address)


@recs.command()
@click.argument("user")
@click.option("--json", "as_json", is_flag=True, help="Print the profile as it is stored.")
def profile(user: str, as_json: bool) -> None:
    """Show what is known of USER."""
    from textwire.recommendations.keys import profile_key
    from textwire.recommendations.results import read_profiles

    with closing(_results()) as results:
        known = read_profiles(results, [user]).get(user)
        stored = results.get(profile_key(user))
    if known is None or stored is None:
        click.echo(f"Nothing is known of {readable(user)}.")
    elif as_json:
        click.echo(stored)
    else:
        _show_profile(known)


@recs.command()
@click.argument("user")
def forget(user: str) -> None:
    """Let everything that is known of USER be erased.

    Sends the event `forget`; the service erases the user's profile, history, words and last list
    from Redis as it comes to it. What stands on topics goes when their retention ends.
    """
    from textwire.recommendations.messages import BehaviourEvent
    from textwire.stream.clients.request_reply import fit_to_send
    from textwire.stream.clients.sender import Sender

    event = fit_to_send(BehaviourEvent(user_id=user, kind="forget"), "forgotten")
    with closing(Sender("textwire recs")) as sender:
        sender.send(RECS_EVENTS, event)
    name = readable(user)
    click.echo(
        f"Sent. The service erases the profile, history, words and last list of {name} from Redis "
        f"within moments, if it is up (`textwire status`); see `textwire recs profile {name}`.\n"
        f"{told_retention(HOLD_USERS)}"
    )


def _results() -> RedisResults:
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults

    return RedisResults.from_url(redis_url())


def _as_row(item: Item) -> list[str]:
    price = "" if item.price is None else f"{item.price:,.2f}"
    cells = (item.id, cut(item.title), item.category or "", price, ", ".join(item.tags))
    return [readable(cell) for cell in cells]


def _show(scored: ScoredList) -> None:
    if scored.scores:
        titles = _titles([item.item_id for item in scored.scores])
        headings = ("", "score", "item", "title", "why")
        print_table(headings, (_as_place(item, titles) for item in scored.scores))
    else:
        click.echo("Nothing to recommend: the catalogue is empty, or all of it is left out.")
    for note in scored.notes:
        click.echo(readable(note), err=True)
    if scored.unknown_candidates:
        unknown = readable(", ".join(scored.unknown_candidates))
        click.echo(f"Not in the catalogue: {unknown}", err=True)
    others = sorted((item for item in scored.dropped if item.why != "unknown"), key=_why)
    for why, items in groupby(others, key=_why):
        dropped = readable(", ".join(item.item_id for item in items))
        click.echo(f"Left out, {why.replace('_', ' ')}: {dropped}", err=True)


def _why(dropped: DroppedItem) -> str:
    return dropped.why


def _ids(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def _as_place(item: ScoredItem, titles: dict[str, str]) -> list[str]:
    title = cut(titles.get(item.item_id, ""))
    # Of many items each is improbable, and yet they differ.
    digits = 3 if item.score >= 0.01 else 6
    cells = (str(item.rank), f"{item.score:.{digits}f}", item.item_id, title, item.reason)
    return [readable(cell) for cell in cells]


def _titles(ids: list[str]) -> dict[str, str]:
    """As pages find them; a list is worth showing without."""
    from textwire.errors import RedisUnavailable
    from textwire.recommendations.results import read_items

    try:
        with closing(_results()) as results:
            return {id_: item.title for id_, item in read_items(results, ids).items()}
    except RedisUnavailable as error:
        click.echo(f"Titles are left out: {error}", err=True)
        return {}


def _show_profile(known: Profile) -> None:
    screen = console()
    rows = {
        "events": f"{known.events:,}, the last {known.at:%Y-%m-%d %H:%M:%S} UTC",
        "likes": _named(_heaviest(known.tags) or _heaviest(known.categories)),
        "bought": _named(list(reversed(known.bought))),
        "disliked": _named(list(reversed(known.disliked))),
        "looked at": _named(_heaviest(known.seen)),
        "said": _named([cut(words) for words in reversed(known.words)]),
        "waiting": _named(list(known.pending.values())),
    }
    for heading, told in rows.items():
        if told:
            screen.print(Text.assemble((f"{heading:10}", "dim"), readable(told)))


def _heaviest(weights: dict[str, float]) -> list[str]:
    return sorted(weights, key=lambda name: (-weights[name], name))


def _named(names: list[str]) -> str:
    more = len(names) - SHOWN_NAMES
    return ", ".join(names[:SHOWN_NAMES]) + (f" and {more:,} more" if more > 0 else "")
