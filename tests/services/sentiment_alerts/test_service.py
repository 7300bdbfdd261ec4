"""Sentiment alerts on the real Kafka and Redis: what is live is what a backtest says."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from services.sentiment_alerts.alerting import Alerting
from services.sentiment_alerts.article_scoring import ArticleScoring
from tests.article_scorers import article, at, burst, essence, quiet_day, reader
from textwire.results.redis import RedisResults
from textwire.sentiment_alerts.backtest import Replay
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert, AlertAction, ArticleSentiment
from textwire.sentiment_alerts.results.reading import read_alerts, read_desk
from textwire.sentiment_alerts.topics import (
    NEWS_ACTIONS,
    NEWS_ALERTS,
    NEWS_ARTICLES,
    NEWS_SENTIMENT,
)
from textwire.settings import KafkaSettings
from textwire.stack.servers import EmbeddedServers, embedded_servers
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import BULK_LINGER_MS, Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.wire.registry import TOPICS

ROOT = Path(__file__).parents[3]
DONE_WITHIN_S = 60.0
STRIKE = burst(at(9, 7))
COPY = article(600, at(9, 12), title=f"{STRIKE[0].title} - Halden Press")
HISTORY = sorted(
    [
        *quiet_day(hours=16),
        *STRIKE,
        COPY,
        *burst(at(13, 2), 6, "Brackwell recalls", first=700, every=4),
        # Some for every partition: the desk waits for the slowest.
        *(article(3000 + n, at(16, n), "Markets report") for n in range(24)),
    ],
    key=lambda one: one.published_at,
)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Of its own: the topics have fixed names."""
    with embedded_servers(tmp_path_factory.mktemp("sentiment-alerts")) as running:
        yield running


@pytest.fixture(scope="module")
def kafka(servers: EmbeddedServers) -> KafkaSettings:
    settings = KafkaSettings(bootstrap_servers=servers.bootstrap_servers)
    create_topics(TOPICS.values(), settings)
    return settings


@pytest.fixture(scope="module")
def results(servers: EmbeddedServers) -> Iterator[RedisResults]:
    results = RedisResults.from_url(servers.redis_url)
    yield results
    results.close()


@pytest.fixture
def start(servers: EmbeddedServers, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts the service as a process; kills what is left at the end."""
    started: list[subprocess.Popen] = []

    def begin(dies_in: str = "", dies_at: int = 0) -> subprocess.Popen:
        with (tmp_path / f"service-{len(started)}.log").open("wb") as log:
            command = [sys.executable, "-m", "tests.services.sentiment_alerts.sentiment_service"]
            addresses = [servers.bootstrap_servers, servers.redis_url, dies_in, str(dies_at)]
            process = subprocess.Popen([*command, *addresses], cwd=ROOT, stdout=log, stderr=log)
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.wait()


def until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + DONE_WITHIN_S
    while not holds():
        assert time.monotonic() < ends_at, f"not within {DONE_WITHIN_S} s"
        time.sleep(0.05)


def messages(kafka: KafkaSettings, topic, kind: type) -> list:
    records = read_to_end(topic.name, kafka)
    return [msgspec.json.decode(record.value or b"", type=kind) for record in records]


def test_a_service_that_is_killed_in_each_of_its_loops_comes_to_what_a_backtest_says(
    kafka: KafkaSettings, results: RedisResults, start
) -> None:
    sender = Sender("test", kafka, linger_ms=BULK_LINGER_MS)
    sender.send_all(NEWS_ARTICLES, HISTORY)
    for loop in (ArticleScoring.name, Alerting.name):
        assert start(dies_in=loop, dies_at=2).wait(timeout=60) == -signal.SIGKILL
    start()
    until(lambda: (desk := read_desk(results)) is not None and desk.articles == len(HISTORY))
    until(lambda: len(messages(kafka, NEWS_SENTIMENT, ArticleSentiment)) >= len(HISTORY))

    backtest = Replay(reader(), SentimentAlertsSettings()).run(HISTORY)
    live = read_alerts(results)
    assert {(alert.entity, alert.topic) for alert in live} == {
        ("Northmere Energy", "labour"),
        ("Brackwell Motors", "products"),
    }
    assert essence(live) == essence(backtest.alerts)
    desk = read_desk(results)
    assert (desk.late, desk.copies) == (0, 1)
    read = messages(kafka, NEWS_SENTIMENT, ArticleSentiment)
    # The copy may come before its first, and is then told about again.
    corrected = Counter(one.article_id for one in read) - Counter(one.id for one in HISTORY)
    assert corrected in (Counter(), Counter([COPY.id]))
    assert {one.article_id: one.copy_of for one in read} == {
        one.id: STRIKE[0].id if one is COPY else None for one in HISTORY
    }
    last = {alert.id: alert for alert in messages(kafka, NEWS_ALERTS, Alert)}
    assert essence(last.values()) == essence(live)

    # Somebody acts: on an alert, and on one that there is not.
    until(lambda: len(read_alerts(results)) == 2)
    sender.send(NEWS_ACTIONS, AlertAction(alert_id="alert-none", action="resolve", by="ana"))
    sender.send(NEWS_ACTIONS, AlertAction(alert_id=live[0].id, action="reopen", by="ana"))
    until(lambda: read_alerts(results)[0].state == "reopened")
    (dead,) = read_to_end(NEWS_ACTIONS.dead, kafka)
    assert b"alert-none" in dead.value
    sender.close()
