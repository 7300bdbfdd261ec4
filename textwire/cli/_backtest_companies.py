"""Which companies a backtest looks for, and from where they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

import click

from textwire.errors import DataError

if TYPE_CHECKING:
    from textwire.sentiment_alerts.watchlist import WatchedCompany

Choice = Literal["loaded", "set", "samples"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
OTHERS = "`--watchlist FILE` and `--companies set` or `samples` take others."


class Companies(NamedTuple):
    """Companies, and where they were read, in words."""

    companies: list[WatchedCompany]
    source: str

    def __str__(self) -> str:
        count = len(self.companies)
        return f"{'1 company' if count == 1 else f'{count:,} companies'} of {self.source}"


def chosen_companies(
    file: Path | None, choice: Choice | None, configured: Path | None, *, reads_kafka: bool
) -> Companies:
    """Those of a file, or those that were asked for; else as a service here would have them.

    Those that are loaded are taken where a Kafka is known: by the settings, by a stack that runs
    from here, or because articles are read from it.

    Args:   configured: the file that `sentiment_alerts.watchlist` names. reads_kafka: articles do.
    Raises: UsageError: both were given. DataError: none is loaded, no file is set.
            BrokerUnavailable; SettingsError: a file cannot be used.
    """
    if file and choice:
        raise click.UsageError("--watchlist and --companies both say which companies: give one.")
    if file:
        return _of_file(file, str(file))
    if choice == "loaded" or (choice is None and (reads_kafka or _kafka_is_known())):
        return _loaded()
    if choice == "samples" or (choice is None and configured is None):
        return _samples()
    if configured is None:
        raise DataError("The setting sentiment_alerts.watchlist names no file of companies.")
    return _of_file(configured, f"{configured}, which sentiment_alerts.watchlist names")


def _loaded() -> Companies:
    from textwire.addresses import bootstrap_servers
    from textwire.cli.watchlist import COMPANIES
    from textwire.errors import BrokerUnavailable

    place = f"the topic {COMPANIES.topic.name} at {bootstrap_servers()}"
    try:
        companies = COMPANIES.known_so_far()
    except BrokerUnavailable as error:
        raise BrokerUnavailable(
            f"Which companies are loaded is unknown: {error} {OTHERS}"
        ) from error
    if not companies:
        raise DataError(
            f"No company stands on {place}: load some with `textwire watchlist load FILE`. {OTHERS}"
        )
    return Companies(companies, place)


def _samples() -> Companies:
    from textwire.sentiment_alerts.watchlist import watchlist_path

    return _of_file(watchlist_path(None), "the sample news")


def _of_file(path: Path, source: str) -> Companies:
    from textwire.sentiment_alerts.watchlist import read_watchlist

    return Companies(read_watchlist(path), source)


def _kafka_is_known() -> bool:
    from textwire.settings import KafkaSettings, StackSettings, load
    from textwire.stack.state import read_state

    if load(KafkaSettings).bootstrap_servers:
        return True
    state = read_state(load(StackSettings).data_dir)
    return state is not None and state.alive
