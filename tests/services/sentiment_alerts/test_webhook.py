"""The webhook, to a real HTTP server."""

from __future__ import annotations

import hmac
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from pydantic import SecretStr

from services.sentiment_alerts.webhook import Address, NotTaken, Refused, Webhook
from tests.article_scorers import Newsroom, at, burst, quiet_day
from tests.ipv6 import needs_ipv6
from textwire.errors import SettingsError
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings, load
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.loop.stream_loop import now


@dataclass
class Pager:
    """Takes posts, and answers what it is told to."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    posts: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def took(self, headers: dict[str, str], body: bytes) -> int:
        self.posts.append((headers, body))
        self.came.release()
        return self.answers.pop(0) if self.answers else 204


@pytest.fixture
def pager() -> Iterator[Pager]:
    pager = Pager()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(pager.took(dict(self.headers), body))
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    pager.url = f"http://127.0.0.1:{server.server_port}/alerts?team=1"
    yield pager
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def alert() -> Alert:
    news = sorted([*quiet_day(hours=9), *burst(at(9, 7))], key=lambda one: one.published_at)
    return Newsroom().read(news).alerts[0]


def test_a_post_is_the_alert_signed_and_with_a_key_for_repeats(pager: Pager, alert: Alert) -> None:
    Address(pager.url, "secret").post(alert)
    ((headers, body),) = pager.posts
    assert msgspec.json.decode(body, type=Alert) == alert
    signature = hmac.new(b"secret", body, sha256).hexdigest()
    assert headers["X-Textwire-Signature"] == f"sha256={signature}"
    assert headers["Idempotency-Key"].startswith(f"{alert.id}:open:")


def test_without_a_secret_nothing_is_signed(pager: Pager, alert: Alert) -> None:
    Address(pager.url).post(alert)
    assert "X-Textwire-Signature" not in pager.posts[0][0]


@pytest.mark.parametrize(("status", "error"), [(500, NotTaken), (429, NotTaken), (404, Refused)])
def test_an_answer_says_whether_to_try_again(pager, alert, status: int, error: type) -> None:
    pager.answers = [status]
    with pytest.raises(error, match=f"answered {status}"):
        Address(pager.url).post(alert)


def test_an_address_that_is_away_is_tried_again(alert: Alert) -> None:
    with pytest.raises(NotTaken, match="no answer"):
        Address("http://127.0.0.1:9/").post(alert)


@needs_ipv6
def test_an_address_of_ipv6_without_a_port_is_asked_on_the_usual_one(alert: Alert) -> None:
    with pytest.raises((NotTaken, Refused)) as told:  # whoever listens there, or nobody
        Address("http://[::1]/").post(alert)
    assert not isinstance(told.value.__cause__, socket.gaierror)


def test_a_token_in_the_address_is_in_no_error(alert: Alert) -> None:
    with pytest.raises(NotTaken, match="InvalidURL") as told:
        Address("http://127.0.0.1:9/not escaped?token=hunter2").post(alert)
    assert "hunter2" not in str(told.value)


def test_the_address_is_not_shown_with_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    variable = "TEXTWIRE_SENTIMENT_ALERTS_WEBHOOK_URL"
    monkeypatch.setenv(variable, "https://hooks.example/hunter2")
    assert "hunter2" not in repr(load(SentimentAlertsSettings))
    monkeypatch.setenv(variable, "https://hooks.example/not escaped/hunter2")
    with pytest.raises(SettingsError) as told:
        load(SentimentAlertsSettings)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "example.org"])
def test_only_http_is_posted_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_SENTIMENT_ALERTS_WEBHOOK_URL", url)
    with pytest.raises(SettingsError, match="http:// or https://"):
        load(SentimentAlertsSettings)


def test_alerts_of_the_topic_are_posted_after_refusals_and_restarts_and_old_ones_are_not(
    bootstrap_servers: str, unique_name: str, pager: Pager, alert: Alert
) -> None:
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([NEWS_ALERTS], kafka)
    sender = Sender("test", kafka)
    settings = SentimentAlertsSettings(webhook_url=SecretStr(pager.url))

    def posting(group: str, **options: object) -> Webhook:
        metrics = ServiceMetrics("sentiment-alerts", 0, Health())
        return Webhook(settings, metrics, kafka, group, **options)

    def send(id_: str) -> None:
        sender.send(NEWS_ALERTS, msgspec.structs.replace(alert, id=id_))

    def posted() -> str:
        assert pager.came.acquire(timeout=20)
        return msgspec.json.decode(pager.posts[-1][1], type=Alert).id

    pager.answers = [503, 204, 400]
    first = posting(unique_name)
    first.start()
    send("one")
    assert (posted(), posted()) == ("one", "one")
    send("refused")
    assert posted() == "refused"
    send("two")
    assert posted() == "two"
    first.stop()

    send("three")
    second = posting(unique_name)
    second.start()
    while (id_ := posted()) == "two":
        pass  # the stop may have come before its offset was committed
    assert id_ == "three"
    second.stop()

    late = posting(f"{unique_name}-late", clock=lambda: now() + timedelta(hours=25))
    late.start()
    assert not pager.came.acquire(timeout=3)
    late.stop()
    sender.close()
