"""The webhook on the real Kafka and Redis, to a real HTTP server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from services.sentiment_alerts.webhook.webhook import Webhook
from tests.services.sentiment_alerts.pagers import Pager
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.results.writes import Remove
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.keys import waiting_posts_key
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.kafka.lookup import KafkaLookup
from textwire.stream.loop.stream_loop import now

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
    pager.about = unique_name
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


def posted(pager: Pager, id_: str, times: int = 1) -> None:
    """Waits until an alert was posted so often."""
    until_s = monotonic() + COMES_WITHIN_S
    while pager.alert_ids.count(id_) < times:
        assert monotonic() < until_s, f"{id_} was not posted; there came {pager.alert_ids}"
        sleep(0.05)


def was_passed_over(kafka: KafkaSettings, unique_name: str) -> None:
    """Waits until the group of this name goes on behind the alert of this name."""
    records = read_to_end(NEWS_ALERTS.name, kafka)
    [record] = [one for one in records if unique_name.encode() in (one.value or b"")]
    until_s = monotonic() + COMES_WITHIN_S
    with closing(KafkaLookup(kafka)) as lookup:
        while not (goes_on := lookup.committed(unique_name).get(record.partition)) or (
            goes_on.offset <= record.offset
        ):
            assert monotonic() < until_s, f"the group goes on at {goes_on}"
            sleep(0.05)


def ids_of_posts(pager: Pager, id_: str) -> set[str]:
    return {post.headers["webhook-id"] for post in pager.posts if post.alert.id == id_}


def test_alerts_are_posted_after_failures_refusals_and_restarts(
    begin: Begin, send: Send, pager: Pager, unique_name: str
) -> None:
    one, refused, two, three = (f"{name} of {unique_name}" for name in ("1", "no", "2", "3"))
    first = begin()
    send(unique_name)
    posted(pager, unique_name)
    pager.answers = [503, 204, 400]
    send(one)
    posted(pager, one, times=2)
    send(refused)
    posted(pager, refused)
    send(two)
    posted(pager, two)
    assert pager.alert_ids[-4:] == [one, one, refused, two]

    pager.usual = 503
    send(three)
    posted(pager, three)
    first.stop()
    tries = pager.alert_ids.count(three)
    pager.usual = 204
    begin()
    posted(pager, three, times=tries + 1)
    assert len(ids_of_posts(pager, three)) == 1
    assert pager.alert_ids[-1 - tries :] == [three] * (tries + 1)


def test_alerts_of_yesterday_are_not_posted(
    begin: Begin, send: Send, kafka: KafkaSettings, pager: Pager, unique_name: str
) -> None:
    send(unique_name)
    begin(clock=lambda: now() + timedelta(hours=25))
    was_passed_over(kafka, unique_name)
    assert pager.posts == []


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
    posted(pager, unique_name, times=pager.alert_ids.count(unique_name) + 1)
    assert len(ids_of_posts(pager, unique_name)) == 1
