from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from tests.sentiment_alerts.feeds.feed_server import FeedServer, item, rss
from textwire.errors import BrokerUnavailable
from textwire.observing.health import Health
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.feeds.fetching import FeedFetcher, FetchLimits
from textwire.sentiment_alerts.feeds.metrics import FeedMetrics
from textwire.sentiment_alerts.feeds.polling import FeedPoller, Polled
from textwire.sentiment_alerts.feeds.state import FeedStates, FileFeedStates, RedisFeedStates
from textwire.sentiment_alerts.feeds.subscriptions import Subscription
from textwire.sentiment_alerts.messages import Article, FeedReport
from textwire.wire.message import Message
from textwire.wire.topic import Topic

MARCH = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Desk:
    """A poller, with a clock that is set and a broker that keeps what it is sent."""

    def __init__(self, states: FeedStates | None = None) -> None:
        self.now, self.is_away = MARCH, False
        self.sent: list[Message] = []
        self.slept: list[float] = []
        self.states = states or RedisFeedStates(MemoryResults())
        self.registry, self.health = CollectorRegistry(), Health()
        self.metrics = FeedMetrics(self.registry)

    def poll(self, *urls: str, source: str = "", even_if_not_due: bool = False) -> list[Polled]:
        poller = FeedPoller(
            [Subscription(url, source) for url in urls],
            FeedFetcher(FetchLimits(allow_private=True, timeout_s=5.0), clock=lambda: self.now),
            self.states,
            self._send,
            self.metrics,
            self.health,
            clock=lambda: self.now,
            sleep=self._sleep,
        )
        return asyncio.run(poller.poll(even_if_not_due=even_if_not_due))

    def poll_later(self, *urls: str, **after: float) -> list[Polled]:
        self.now += timedelta(**after)
        return self.poll(*urls)

    @property
    def titles(self) -> list[str]:
        return [one.title for one in self.sent if isinstance(one, Article)]

    @property
    def reports(self) -> list[FeedReport]:
        return [one for one in self.sent if isinstance(one, FeedReport)]

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(f"textwire_feed_{name}", labels)

    def _send(self, topic: Topic, messages: Sequence[Message]) -> None:
        assert all(isinstance(one, topic.message) for one in messages)
        if self.is_away:
            raise BrokerUnavailable("away")
        self.sent += messages

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture(params=["redis", "file"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    file = FileFeedStates(tmp_path / "feeds.json")
    return Desk(file if request.param == "file" else None)


def test_what_is_new_is_sent_once(desk: Desk, server: FeedServer) -> None:
    url = server.serve(rss(item("One", guid="1")))
    desk.poll(url)
    server.serve(rss(item("Two", guid="2"), item("One", guid="1")))

    desk.poll_later(url, minutes=5)
    desk.poll_later(url, minutes=5)

    assert desk.titles == ["One", "Two"]


def test_a_correction_is_sent_under_the_same_id(desk: Desk, server: FeedServer) -> None:
    url = server.serve(rss(item("Proft falls", guid="1")))
    desk.poll(url)
    server.serve(rss(item("Profit falls", guid="1")))

    desk.poll_later(url, minutes=5)

    assert desk.titles == ["Proft falls", "Profit falls"]
    assert len({one.id for one in desk.sent if isinstance(one, Article)}) == 1


def test_a_feed_is_not_asked_before_it_is_due(desk: Desk, server: FeedServer) -> None:
    slow = server.serve(rss(channel="<ttl>60</ttl>"), "/slow")
    url = server.serve(rss())
    desk.poll(url, slow)

    desk.poll_later(url, slow, minutes=4)
    assert len(server.asked) == 2
    desk.poll_later(url, slow, minutes=1)
    assert [path for path, _ in server.asked[2:]] == ["/rss"]
    desk.poll_later(url, slow, minutes=55)
    assert [path for path, _ in server.asked[3:]] == ["/rss", "/slow"]


def test_a_feed_waits_no_longer_where_the_clock_is_set_back(desk: Desk, server: FeedServer) -> None:
    url = server.serve(rss())
    desk.poll(url)
    desk.poll_later(url, days=-3)
    assert len(server.asked) == 2


def test_a_host_is_left_alone_no_longer_where_the_clock_is_set_back(
    desk: Desk, server: FeedServer
) -> None:
    busy = server.serve("", "/busy", status=429, headers={"Retry-After": "1800"})
    desk.poll(busy)
    desk.poll_later(busy, days=-3)
    assert len(server.asked) == 2


def test_the_second_request_is_conditional_and_304_is_no_failure(
    desk: Desk, server: FeedServer
) -> None:
    url = server.serve(rss(item(guid="1")), etag='"v1"')
    desk.poll(url)

    (polled,) = desk.poll_later(url, minutes=5)
    desk.poll_later(url, minutes=5)

    assert polled == Polled(url, 0, "")
    assert [asked.get("If-None-Match") for _, asked in server.asked] == [None, '"v1"', '"v1"']
    assert desk.value("polls_total", feed=url, outcome="unchanged") == 2


def test_a_feed_that_moved_for_good_is_asked_there_and_where_it_was_if_it_fails(
    desk: Desk, server: FeedServer
) -> None:
    server.serve(rss(item(guid="1")), "/new")
    old = server.serve("", "/old", status=301, headers={"Location": "/new"})
    desk.poll(old)
    del server.pages["/new"]

    desk.poll_later(old, minutes=5)
    server.serve(rss(item("Back", guid="2")), "/old")
    desk.poll_later(old, minutes=5)

    assert [path for path, _ in server.asked] == ["/old", "/new", "/new", "/old"]
    assert desk.titles == ["Strike shuts port", "Back"]


def test_a_broken_feed_stops_no_other_and_says_so(desk: Desk, server: FeedServer) -> None:
    broken = server.serve("<html><body>Sign in</body></html>", "/broken")
    gone, well = server.url("/gone"), server.serve(rss(item(guid="1")))

    polled = desk.poll(broken, gone, "http://127.0.0.1:1/", well)

    assert desk.titles == ["Strike shuts port"]
    assert [bool(one.failure) for one in polled] == [True, True, True, False]
    assert desk.value("polls_total", feed=gone, outcome="failed") == 1
    assert "answered 404" in desk.health.warnings
    assert desk.health.ready


def test_a_feed_that_fails_is_asked_ever_less_often(desk: Desk, server: FeedServer) -> None:
    url = server.url("/gone")
    waits = []
    for _ in range(6):
        desk.poll(url)
        next_at = desk.states.read(url).next_at or desk.now
        waits.append((next_at - desk.now).total_seconds())
        desk.now = next_at

    assert waits == [300, 600, 1200, 2400, 3600, 3600]


def test_a_host_that_asks_to_be_left_alone_is(desk: Desk, server: FeedServer) -> None:
    busy = server.serve("", "/busy", status=429, headers={"Retry-After": "1800"})
    other = server.serve(rss(item(guid="1")), "/other")

    desk.poll(busy, other)
    desk.poll_later(busy, other, minutes=20)
    desk.poll(busy, other, even_if_not_due=True)
    assert [path for path, _ in server.asked] == ["/busy"]

    server.serve(rss(item("Back", guid="2")), "/busy")
    desk.poll_later(busy, other, minutes=11)
    assert desk.titles == ["Back", "Strike shuts port"]


def test_feeds_of_one_host_are_asked_with_a_pause_between_them(
    desk: Desk, server: FeedServer
) -> None:
    one, two = server.serve(rss(), "/one"), server.serve(rss(), "/two")
    elsewhere = server.url("/one", host="localhost")

    desk.poll(one, two, elsewhere)

    assert desk.slept == [1.0]


def test_what_the_broker_did_not_take_is_sent_again(desk: Desk, server: FeedServer) -> None:
    url, desk.is_away = server.serve(rss(item(guid="1")), etag='"v1"'), True
    with pytest.raises(BrokerUnavailable):
        desk.poll(url)

    desk.is_away = False
    desk.poll(url)

    assert desk.titles == ["Strike shuts port"]


def test_states_in_a_file_outlive_the_process(server: FeedServer, tmp_path: Path) -> None:
    url = server.serve(rss(item(guid="1")))
    Desk(FileFeedStates(tmp_path / "feeds.json")).poll(url)

    after = Desk(FileFeedStates(tmp_path / "feeds.json"))
    after.poll(url, even_if_not_due=True)

    assert after.sent == []


def test_odd_entries_are_counted(desk: Desk, server: FeedServer) -> None:
    url = server.serve(
        rss(item("A", pubDate="Tue, 03 Mar 2026 12:00:00 GMT"), item("", guid="2"), item("C"))
    )

    desk.poll(url)

    assert desk.value("odd_entries_total", feed=url, what="dated_ahead") == 1
    assert desk.value("odd_entries_total", feed=url, what="undated") == 2
    assert desk.value("odd_entries_total", feed=url, what="empty") == 1
    assert desk.value("articles_total", feed=url) == 2


def test_a_feed_that_fails_for_an_hour_is_told_of_once_and_once_that_it_is_back(
    desk: Desk, server: FeedServer
) -> None:
    url = server.url("/gone")
    for _ in range(6):
        desk.poll_later(url, minutes=20)
    assert desk.value("dead", feed=url, condition="failing") == 1
    server.serve(rss(item(guid="1")), "/gone")
    for _ in range(3):
        desk.poll_later(url, hours=1)

    assert [(one.condition, one.reason) for one in desk.reports] == [
        ("failing", "answered 404"), ("alive", ""),
    ]  # fmt: skip
    assert desk.reports[0].since == MARCH + timedelta(minutes=20)
    assert desk.value("dead", feed=url, condition="failing") == 0
    assert desk.health.warnings == ""


def test_a_feed_with_nothing_new_for_unusually_long_is_told_of(
    desk: Desk, server: FeedServer
) -> None:
    twice_a_day = [MARCH - timedelta(hours=12 * n) for n in range(40)]
    items = [
        item(f"{at}", guid=f"{at}", pubDate=f"{at:%a, %d %b %Y %H:%M:%S} GMT") for at in twice_a_day
    ]
    url = server.serve(rss(*items))

    desk.poll(url)
    desk.poll_later(url, hours=119)
    assert desk.reports == []
    desk.poll_later(url, hours=2)

    (report,) = desk.reports
    assert (report.condition, report.since, report.source) == ("silent", MARCH, "Harbour Wire")
    assert desk.value("dead", feed=url, condition="silent") == 1
