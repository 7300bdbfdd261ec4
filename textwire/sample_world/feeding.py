"""Sending the sample world, each message when it is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import Literal, Protocol

from textwire.errors import Unavailable
from textwire.results.store import ResultStore
from textwire.sample_world.clock import WorldClock, fresh_start
from textwire.sample_world.news import LENGTH, news_for_ever, sample_articles
from textwire.sample_world.progress import WorldProgress, read_progress, write_progress
from textwire.sample_world.questions import sample_conversations, shuffled_for_ever
from textwire.sample_world.shop import sample_items, sample_tastes, simulate_shoppers
from textwire.sample_world.streams import (
    Due,
    behaviour_due,
    in_order,
    items_due,
    news_due,
    questions_due,
)
from textwire.wire.message import Message
from textwire.wire.topic import Topic

Part = Literal["support-qa", "sentiment-alerts", "recommendations"]
PARTS: tuple[Part, ...] = ("support-qa", "sentiment-alerts", "recommendations")
TRY_AGAIN_S = 5.0
REMEMBER_EVERY = timedelta(seconds=2)
# After the broker was away customers have left; news and what shoppers did are still told. Of a
# single round all stay, or a broker that is slower than they come would have lost it some.
PATIENCE = timedelta(seconds=30)
# A world that stood still for longer begins anew, rather than hurry through weeks.
STANDSTILL = 2 * LENGTH


class Sends(Protocol):
    """Writes one message to its topic, and returns once the broker has it."""

    def send(self, topic: Topic, message: Message) -> None:
        """Raises: BrokerUnavailable."""
        ...


@dataclass(frozen=True)
class WorldSettings:
    """What is sent, and how fast.

    parts       the applications whose topics are fed.
    per_minute  questions a minute of our time.
    speed       of the world's time, until it has caught up with ours.
    head_start  how much of a new world is sent at once, so that there is something to see.
    once        one round of everything instead of no end.
    """

    parts: list[Part]
    per_minute: float
    speed: float
    head_start: timedelta
    once: bool
    seed: int


@dataclass(frozen=True)
class OurTime:
    """The clock and the sleep of our world; a test hands in its own."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], None] = time.sleep


def feed_world(
    folder: Path,
    settings: WorldSettings,
    sender: Sends,
    store: ResultStore,
    tell: Callable[[str], None],
    our_time: OurTime | None = None,
) -> None:
    """Send everything that is due, from where the last feed stopped.

    Raises: DataError: the samples cannot be read. RedisUnavailable: at the beginning.
    """
    clock = our_time or OurTime()
    # Customers ask in our time: without news and shoppers there is no world's time to remember.
    has_time = settings.parts != ["support-qa"]
    progress = _place(read_progress(store) if has_time else None, clock.now())
    reached, remembered_at = progress.reached, clock.now()
    for due in world_due(folder, settings, progress, clock.now()):
        _wait_until(due.at, clock)
        if not settings.once and due.world_at is None and clock.now() - due.at > PATIENCE:
            continue
        _send_patiently(sender, due, clock, tell)
        reached = max(reached, due.world_at or reached)
        if has_time and clock.now() - remembered_at > REMEMBER_EVERY:
            remembered_at = clock.now()
            _remember(store, progress.began, reached, tell)
    if has_time:
        _remember(store, progress.began, reached, tell)


def world_due(
    folder: Path, settings: WorldSettings, progress: WorldProgress, now: datetime
) -> Iterator[Due]:
    """Everything that is due after where the world stands.

    Raises: DataError: the samples cannot be read.
    """
    clock = WorldClock(
        began=now,
        world_began=progress.reached,
        at_once=progress.began + settings.head_start,
        speed=settings.speed,
    )
    streams: list[Iterable[Due]] = []
    if "recommendations" in settings.parts:
        items = sample_items(folder / "recommendations", progress.began)
        tastes = sample_tastes(folder / "recommendations")
        events = simulate_shoppers(items, tastes, progress.began, seed=settings.seed)
        streams.append(items_due(items, clock, progress.reached))
        streams.append(behaviour_due(events, clock, progress.reached))
    if "sentiment-alerts" in settings.parts:
        articles = news_for_ever(sample_articles(folder / "sentiment_alerts"), progress.began)
        streams.append(news_due(articles, clock, progress.reached))
    if "support-qa" in settings.parts:
        streams.append(_questions(folder / "support_qa", settings, now))
    return in_order(streams, progress.began + LENGTH if settings.once else None)


def _questions(folder: Path, settings: WorldSettings, now: datetime) -> Iterator[Due]:
    conversations = sample_conversations(folder)
    order = Random(settings.seed)  # noqa: S311 - an order, and no secret
    endless = shuffled_for_ever(conversations, order)
    asked = islice(endless, len(conversations)) if settings.once else endless
    # Other sessions at each run, however often the same order comes.
    moments = Random(f"{settings.seed} {now.isoformat()}")  # noqa: S311
    return questions_due(asked, now, settings.per_minute, moments)


def _place(progress: WorldProgress | None, now: datetime) -> WorldProgress:
    if progress is not None and now - progress.reached < STANDSTILL:
        return progress
    began = fresh_start(now, LENGTH)
    return WorldProgress(began=began, reached=began)


def _wait_until(moment: datetime, clock: OurTime) -> None:
    wait_s = (moment - clock.now()).total_seconds()
    if wait_s > 0:
        clock.sleep(wait_s)


def _send_patiently(sender: Sends, due: Due, clock: OurTime, tell: Callable[[str], None]) -> None:
    """Until the broker has it: the stream outlives a restart of the broker."""
    while True:
        try:
            return sender.send(due.topic, due.message)
        except Unavailable as error:
            tell(f"{error} Trying again.")
            clock.sleep(TRY_AGAIN_S)


def _remember(
    store: ResultStore, began: datetime, reached: datetime, tell: Callable[[str], None]
) -> None:
    try:
        write_progress(store, WorldProgress(began=began, reached=reached))
    except Unavailable as error:
        tell(f"How far the samples have come is not remembered: {error}")
