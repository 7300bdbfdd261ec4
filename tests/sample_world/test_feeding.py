"""The sample world is sent when it is due, each message once, across restarts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from textwire.errors import BrokerUnavailable
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.recommendations.topics import RECS_EVENTS, RECS_ITEMS
from textwire.results.memory import MemoryResults
from textwire.sample_world.feeding import PARTS, OurTime, Part, WorldSettings, feed_world
from textwire.sample_world.news import LENGTH, news_for_ever, sample_articles
from textwire.sample_world.progress import read_progress
from textwire.sample_world.questions import sample_conversations
from textwire.samples import samples_dir
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES
from textwire.support_qa.messages import Question
from textwire.wire.message import Message
from textwire.wire.topic import Topic

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


class Enough(Exception):
    """The test has seen what it wants."""


class Desk:
    """A sender that notes what it is given, and a clock that only sleeping moves."""

    def __init__(self, enough: int | None = None, away: int = 0, takes_s: float = 0.0) -> None:
        self.sent: list[tuple[datetime, Topic, Message]] = []
        self.told: list[str] = []
        self.now = NOW
        self._enough, self._away, self._takes_s = enough, away, takes_s

    def send(self, topic: Topic, message: Message) -> None:
        if self._away:
            self._away -= 1
            raise BrokerUnavailable("Kafka does not answer.")
        if len(self.sent) == self._enough:
            raise Enough
        self.sleep(self._takes_s)
        self.sent.append((self.now, topic, message))

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def of(self, topic: Topic) -> list[Message]:
        return [message for _, name, message in self.sent if name is topic]


def settings(*parts: Part, once: bool = True) -> WorldSettings:
    hours = timedelta(hours=15)
    return WorldSettings(list(parts or PARTS), 20.0, 60.0, head_start=hours, once=once, seed=0)


def feed(desk: Desk, store: MemoryResults, wished: WorldSettings) -> None:
    clock = OurTime(lambda: desk.now, desk.sleep)
    feed_world(samples_dir(), wished, desk, store, desk.told.append, clock)


@pytest.fixture(scope="module")
def one_round() -> Desk:
    desk = Desk()
    feed(desk, MemoryResults(), settings("sentiment-alerts", "recommendations"))
    return desk


def test_a_round_has_every_article_and_every_item_once(one_round: Desk) -> None:
    articles = [message for message in one_round.of(NEWS_ARTICLES) if isinstance(message, Article)]
    assert len({article.id for article in articles}) == len(articles)
    assert len(articles) == len(sample_articles(samples_dir() / "sentiment_alerts"))
    items = [message for message in one_round.of(RECS_ITEMS) if isinstance(message, Item)]
    assert max(Counter(item.id for item in items).values()) == 1
    assert len(items) > 300


def test_nothing_is_told_before_it_happened_nor_an_item_seen_before_it_is_there(
    one_round: Desk,
) -> None:
    known: set[str] = set()
    for at, _, message in one_round.sent:
        if isinstance(message, Item):
            known.add(message.id)
        if isinstance(message, BehaviourEvent):
            assert message.item_id is None or message.item_id in known
        if isinstance(message, Article | BehaviourEvent):
            assert message.happened_at is not None
            assert message.happened_at <= at


def test_the_world_has_caught_up_within_an_hour_and_a_half(one_round: Desk) -> None:
    last = one_round.sent[-1]
    assert last[0] - NOW < timedelta(minutes=90)


def test_a_feed_that_starts_again_goes_on_where_the_last_one_stopped(one_round: Desk) -> None:
    store, first = MemoryResults(), Desk(enough=4_000)
    with pytest.raises(Enough):
        feed(first, store, settings("sentiment-alerts", "recommendations"))
    progress = read_progress(store)
    assert progress is not None
    second = Desk()
    second.now = first.now + timedelta(minutes=5)
    feed(second, store, settings("sentiment-alerts", "recommendations"))
    both = {m.id for d in (first, second) for m in d.of(RECS_EVENTS) + d.of(NEWS_ARTICLES)}
    assert both == {m.id for m in one_round.of(RECS_EVENTS) + one_round.of(NEWS_ARTICLES)}


def test_a_round_has_every_question_however_slow_the_broker_is() -> None:
    desk = Desk(takes_s=0.1)
    feed(desk, MemoryResults(), replace(settings("support-qa"), per_minute=1_000_000.0))
    turns = sum(map(len, sample_conversations(samples_dir() / "support_qa")))
    assert len(desk.sent) == turns


def test_while_the_broker_is_away_news_wait_and_customers_leave() -> None:
    desk = Desk(enough=300, away=20)
    with pytest.raises(Enough):
        feed(desk, MemoryResults(), settings("sentiment-alerts", "support-qa", once=False))
    assert desk.told == ["Kafka does not answer. Trying again."] * 20
    asked_at = [at for at, _, message in desk.sent if isinstance(message, Question)]
    assert asked_at
    # At 20 a minute 43 were due by then, of whom those of 70 s had left.
    assert sum(at < NOW + timedelta(seconds=131) for at in asked_at) < 30
    assert len(desk.of(NEWS_ARTICLES)) > 100


def test_the_news_come_again_with_other_ids_and_later_times() -> None:
    articles = sample_articles(samples_dir() / "sentiment_alerts")
    rounds = list(islice(news_for_ever(articles, NOW), 2 * len(articles)))
    first, second = rounds[: len(articles)], rounds[len(articles) :]
    assert {article.id for article in first}.isdisjoint(article.id for article in second)
    for one, other in zip(first, second, strict=True):
        assert one.title == other.title
        assert one.published_at is not None
        assert other.published_at == one.published_at + LENGTH
