"""Targets on the real Kafka and Redis, to a real mail server and a real HTTP server."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest
from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from services.sentiment_alerts.notifications.notifying import notifiers
from tests.services.sentiment_alerts.notifications.mailbox import Mailbox
from tests.services.sentiment_alerts.pagers import Pager
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics

TARGETS = """
[[target]]
name = "desk"
url_env = "DESK_URL"
digest_at = 00:00:00

[[target]]
name = "oncall"
url_env = "ONCALL_URL"
least_severity = "high"
"""


@pytest.mark.slow
def test_alerts_go_to_each_target_by_its_own_rules_and_outlive_refusals(
    bootstrap_servers: str,
    redis_url: str,
    unique_name: str,
    alert: Alert,
    mailbox: Mailbox,
    pager: Pager,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "targets.toml").write_text(TARGETS)
    monkeypatch.setenv("DESK_URL", mailbox.url)
    monkeypatch.setenv("ONCALL_URL", f"alertmanager://{pager.address}")
    settings = SentimentAlertsSettings(notify_targets=tmp_path / "targets.toml")
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([NEWS_ALERTS], kafka)
    low = replace(alert, id=f"low-{unique_name}", entity=f"Low {unique_name}", severity="low")
    high = replace(alert, id=f"high-{unique_name}", entity=f"High {unique_name}", severity="high")
    mailbox.turned_away = 1
    registry = CollectorRegistry()
    metrics = ServiceMetrics("sentiment-alerts", 0, Health(), registry=registry)
    with ExitStack() as stack:
        store = stack.enter_context(closing(RedisResults.from_url(redis_url)))
        sender = stack.enter_context(closing(Sender("test", kafka)))
        sender.send_all(NEWS_ALERTS, [low, high])
        for one in notifiers(settings, store, metrics, kafka, unique_name):
            stack.callback(one.stop)
            one.start()

        def told(name: str) -> bool:
            return any(f"{name} {unique_name}" in subject for subject in mailbox.subjects)

        until_s = monotonic() + 100
        day = f"Textwire, {datetime.now(UTC):%d %B %Y}"
        while not (
            told("Low")
            and told("High")
            and any(day in subject for subject in mailbox.subjects)
            and any(high.id in post.body.decode() for post in pager.posts)
        ):
            assert monotonic() < until_s, (mailbox.subjects, metrics.health.warnings)
            sleep(0.1)

    assert not any(low.id in post.body.decode() for post in pager.posts)
    taken = {"target": "desk", "outcome": "taken"}
    assert (registry.get_sample_value("textwire_notifications_total", taken) or 0) >= 3


def test_without_a_file_nobody_is_told() -> None:
    metrics = ServiceMetrics("sentiment-alerts", 0, Health(), registry=CollectorRegistry())

    assert notifiers(SentimentAlertsSettings(), None, metrics) == ()  # type: ignore[arg-type]
