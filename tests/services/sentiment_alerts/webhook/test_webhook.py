"""The webhook on the real Kafka and Redis, to a real HTTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.sentiment_alerts.webhook.webhook import Webhook
from tests.services.sentiment_alerts.webhook.pagers import Pager
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.results.writes import Remove
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results import waiting_posts_key
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings
from textwire.stream.kafka import create_topics
from textwire.stream.loop import now
from textwire.stream.sender import Sender

COMES_WITHIN_S = 30

Begin = Callable[..., Webhook]
Send = Callable[[str], None]


@pytest.fixture
def kafka(bootstrap_servers: str) -> KafkaSettings:
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([NEWS_ALERTS], kafka)
    return kafka


@pytest.fixture
def send(kafka: KafkaSettings, alert: Alert) -> Iterator[Send]:
    with closing(Sender("test", kafka)) as sender:
        yield lambda id_: sender.send(NEWS_ALERTS, replace(alert, id=id_))


@pytest.fixture
def begin(kafka, redis_url: str, pager: Pager, unique_name: str) -> Iterator[Begin]:
    """Begin to post in a group of this test's own; stops what is not stopped by the test."""
    settings = SentimentAlertsSettings(webhook_url=SecretStr(pager.url))
    with ExitStack() as stack:
        store = stack.enter_context(closing(RedisResults.from_url(redis_url)))
        store.write(Remove(waiting_posts_key(number)) for number in range(NEWS_ALERTS.partitions))

        def begin(group: str = unique_name, **options: Any) -> Webhook:
            metrics = ServiceMetrics("sentiment-alerts", 0, Health(), registry=CollectorRegistry())
            webhook = Webhook(settings, store, metrics, kafka, group, **options)
            webhook.start()
            stack.callback(webhook.stop)
            return webhook

        yield begin


def posted(pager: Pager, id_: str) -> None:
    """Waits until an alert is posted; what others sent before may come too."""
    while pager.came.acquire(timeout=COMES_WITHIN_S):
        if id_ in pager.alert_ids:
            return
    pytest.fail(f"{id_} was not posted; there came {pager.alert_ids}")


def test_alerts_are_posted_after_failures_refusals_and_restarts(
    begin: Begin, send: Send, pager: Pager, unique_name: str
) -> None:
    pager.answers = []
    one, refused, two, three = (f"{name} of {unique_name}" for name in ("1", "no", "2", "3"))
    first = begin()
    send("warm-up")
    posted(pager, "warm-up")
    pager.answers = [503, 204, 400]
    send(one)
    posted(pager, one)
    assert pager.came.acquire(timeout=COMES_WITHIN_S)
    assert pager.alert_ids[-2:] == [one, one]
    send(refused)
    posted(pager, refused)
    send(two)
    posted(pager, two)
    first.stop()
    assert pager.alert_ids.count(refused) == 1

    pager.usual = 503
    second = begin()
    send(three)
    posted(pager, three)
    second.stop()
    tries = len(pager.posts)
    pager.usual = 204
    begin()
    assert pager.came.acquire(timeout=COMES_WITHIN_S)
    again = pager.posts[tries]
    assert again.alert.id == three
    assert again.headers["webhook-id"] == pager.posts[tries - 1].headers["webhook-id"]


def test_alerts_of_yesterday_are_not_posted(begin: Begin, send: Send, pager: Pager) -> None:
    send("old")
    begin(clock=lambda: now() + timedelta(hours=25))
    assert not pager.came.acquire(timeout=5)


def test_what_waits_goes_over_to_the_replica_that_has_its_partition(
    begin: Begin, send: Send, pager: Pager, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pager.usual = 503
    leaving = begin()
    send(unique_name)
    posted(pager, unique_name)
    monkeypatch.setenv("TEXTWIRE_SERVICE_REPLICA", "1")
    begin()
    leaving.stop()
    pager.usual = 204
    tries = len(pager.posts)
    while pager.came.acquire(timeout=COMES_WITHIN_S):
        if unique_name in pager.alert_ids[tries:]:
            break
    assert unique_name in pager.alert_ids[tries:]
    ids = {post.headers["webhook-id"] for post in pager.posts if post.alert.id == unique_name}
    assert len(ids) == 1
