"""What `textwire feed rss` does: feeds of news asked once, or every so often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from prometheus_client import CollectorRegistry

from textwire.errors import DataFileError
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.sentiment_alerts.feeds.entries import EntryReading
from textwire.sentiment_alerts.feeds.fetching import FeedFetcher, FetchLimits
from textwire.sentiment_alerts.feeds.metrics import FeedMetrics
from textwire.sentiment_alerts.feeds.polling import FeedPoller, Manners, Polled
from textwire.sentiment_alerts.feeds.state import FeedStates, FileFeedStates, RedisFeedStates
from textwire.sentiment_alerts.feeds.subscriptions import subscriptions_of

if TYPE_CHECKING:
    from textwire.stream.clients.sender import Sender


class Reading(NamedTuple):
    """How feeds are read: the options of the verb."""

    once: bool
    every_s: float
    zone: str
    state_file: Path | None
    allow_private: bool
    max_bytes: int
    timeout_s: float
    host_delay_s: float
    port: int | None


def read_feeds(sources: Sequence[str], reading: Reading, sender: Callable[[], Sender]) -> None:
    """Ask feeds, and send what is new.

    Raises: DataFileError: a source is none, or with `once` no feed could be read.
            BrokerUnavailable, RedisUnavailable.
    """
    subscriptions, zone = subscriptions_of(sources), _zone(reading.zone)
    health, registry = Health(), CollectorRegistry()
    with ExitStack() as stack:
        states = _states(reading.state_file, stack)
        sending = stack.enter_context(closing(sender()))
        if reading.port is not None:
            endpoints = Endpoints("127.0.0.1", reading.port, health, registry)
            stack.enter_context(closing(endpoints))
        limits = FetchLimits(
            reading.max_bytes, reading.timeout_s, allow_private=reading.allow_private
        )
        poller = FeedPoller(
            subscriptions,
            FeedFetcher(limits),
            states,
            sending.send_all,
            FeedMetrics(registry),
            health,
            Manners(reading.every_s, reading.host_delay_s),
            EntryReading(zone),
        )
        if reading.once:
            _tell(asyncio.run(poller.poll(even_if_not_due=True)))
            return
        click.echo(f"Reading {len(subscriptions)} feeds, each every {reading.every_s:g} s.")
        with suppress(KeyboardInterrupt):
            asyncio.run(poller.run())


def _tell(polled: Sequence[Polled]) -> None:
    failed = [one for one in polled if one.failure]
    for one in failed:
        click.echo(f"{one.feed}: {one.failure}.", err=True)
    sent = sum(one.sent for one in polled)
    click.echo(f"Sent {sent:,} articles of {len(polled) - len(failed):,} feeds to news.articles.")
    if failed and len(failed) == len(polled):
        raise DataFileError("No feed could be read.")


def _states(file: Path | None, stack: ExitStack) -> FeedStates:
    from textwire.addresses import redis_url
    from textwire.results.redis import RedisResults

    if file is not None:
        return FileFeedStates(file)
    return RedisFeedStates(stack.enter_context(closing(RedisResults.from_url(redis_url()))))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter(
            f"{name!r} is no time zone: name one as Europe/London, or UTC", param_hint="--zone"
        ) from error
