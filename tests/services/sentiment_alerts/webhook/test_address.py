from __future__ import annotations

import base64
import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler

import pytest
from msgspec.structs import replace
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from services.sentiment_alerts.posting.recipient import NotTaken, Refused
from services.sentiment_alerts.webhook.address import Address
from tests.ipv6 import needs_ipv6
from tests.observing.kept_logs import logs_kept
from tests.services.sentiment_alerts.pagers import Pager, with_headers
from textwire.errors import SettingsError
from textwire.observing.logs import set_up_logs
from textwire.sentiment_alerts.results.records import WaitingPost
from textwire.settings import ServiceSettings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
FORMER_SECRET = "whsec_" + base64.b64encode(b"f" * 32).decode()
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
POST = WaitingPost(
    id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    alert_id="alert-118",
    partition=0,
    offset=0,
    at=NOW,
    body='{"test": 2432232314}',
)

Connect = Callable[..., Address]


@pytest.fixture
def address() -> Iterator[Connect]:
    with ExitStack() as open_ones:
        yield lambda *args, **options: open_ones.enter_context(closing(Address(*args, **options)))


def test_the_published_example_is_signed_as_published(pager: Pager, address: Connect) -> None:
    address(pager.url, [SECRET]).post(POST, datetime.fromtimestamp(1614265330, UTC))
    (post,) = pager.posts
    assert post.body == b'{"test": 2432232314}'
    assert post.headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert post.headers["webhook-timestamp"] == "1614265330"
    signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert post.headers["webhook-signature"] == signature


def test_whoever_has_one_of_the_secrets_can_verify(pager: Pager, address: Connect) -> None:
    body = json.dumps({"digest": "Überfall, 90 % — «Straße»"}, ensure_ascii=False)
    address(pager.url, [SECRET, FORMER_SECRET]).post(replace(POST, body=body), datetime.now(UTC))
    (post,) = pager.posts
    for secret in (SECRET, FORMER_SECRET):
        assert Verifier(secret).verify(post.body, dict(post.headers)) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        Verifier("whsec_" + "A" * 32).verify(post.body, dict(post.headers))


def test_each_attempt_has_its_own_time_and_the_posts_id(pager: Pager, address: Connect) -> None:
    asked = address(pager.url, [SECRET])
    for minutes in (0, 5):
        asked.post(POST, NOW + timedelta(minutes=minutes))
    first, second = (post.headers for post in pager.posts)
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300
    assert first["webhook-signature"] != second["webhook-signature"]
    for name in ("webhook-id", "Idempotency-Key"):
        assert first[name] == second[name] == POST.id


def test_without_a_secret_nothing_is_signed(pager: Pager, address: Connect) -> None:
    address(pager.url).post(POST, NOW)
    (post,) = pager.posts
    assert "webhook-signature" not in post.headers
    assert post.headers["webhook-id"] == POST.id
    assert post.path == "/alerts?team=1"


@pytest.mark.parametrize("status", [200, 204, 299])
def test_it_is_taken_with_any_answer_that_says_so(pager, address, status: int) -> None:
    pager.answers = [status]
    address(pager.url).post(POST, NOW)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        *((status, NotTaken) for status in (408, 429, 500, 503, 599, 301, 307)),
        *((status, Refused) for status in (400, 401, 404, 409, 410, 422)),
    ],
)
def test_an_answer_says_whether_to_try_again(pager, address, status: int, error: type) -> None:
    pager.answers = [with_headers(status, Location=f"http://{pager.address}/elsewhere")]
    with pytest.raises(error, match=f"answered {status}"):
        address(pager.url).post(POST, NOW)
    assert len(pager.posts) == 1  # no redirect was followed


def test_an_answer_says_when_to_try_again(pager: Pager, address: Connect) -> None:
    pager.answers = [with_headers(429, Retry_After="120")]
    with pytest.raises(NotTaken) as told:
        address(pager.url).post(POST, NOW)
    assert told.value.retry_after_s == 120


def test_nobody_there_may_be_there_later(address: Connect) -> None:
    with pytest.raises(NotTaken, match="no connection"):
        address("http://127.0.0.1:9/").post(POST, NOW)


def test_a_host_that_has_no_address_may_have_one_later(address: Connect) -> None:
    with pytest.raises(NotTaken, match="no connection"):
        address("http://nowhere.invalid/").post(POST, NOW)


def test_an_address_that_never_answers_is_left_in_time(pager: Pager, address: Connect) -> None:
    pager.answers = [lambda _handler: time.sleep(1)]
    with pytest.raises(NotTaken, match=r"no answer within 0\.3 s"):
        address(pager.url, timeout_s=0.3).post(POST, NOW)


def test_an_address_that_answers_by_the_drop_is_left_in_time(pager, address) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        for byte in b"HTTP/1.0 200 OK\r\nX-Slow: " + b"." * 15:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    pager.answers = [drip]
    started_s = time.monotonic()
    with pytest.raises(NotTaken, match=r"no answer within 0\.5 s"):
        address(pager.url, timeout_s=0.5).post(POST, NOW)
    assert time.monotonic() - started_s < 1.5


def test_what_is_no_http_may_be_mended(pager: Pager, address: Connect) -> None:
    pager.answers = [lambda handler: handler.wfile.write(b"hello hunter2\r\n\r\n")]
    with pytest.raises(NotTaken, match="no answer in HTTP: RemoteProtocolError"):
        address(pager.url).post(POST, NOW)


def test_of_an_answer_without_end_only_the_head_is_read(pager: Pager, address: Connect) -> None:
    written: list[int] = []

    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while len(written) < 10_000:
            written.append(handler.wfile.write(bytes(100_000)))

    pager.answers = [pour]
    address(pager.url).post(POST, NOW)
    assert len(written) < 1_000


def test_a_name_and_a_password_in_the_address_let_us_in(pager: Pager, address: Connect) -> None:
    address(f"http://maria:h%40nter2@{pager.address}/alerts").post(POST, NOW)
    (post,) = pager.posts
    expected = base64.b64encode(b"maria:h@nter2").decode()
    assert post.headers["Authorization"] == f"Basic {expected}"
    assert "h%40nter2" not in post.path


def test_the_address_is_in_no_error_and_in_no_log(
    pager: Pager, address: Connect, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = f"http://maria:hunter2@{pager.address}/hunter3?token=hunter4"
    nobody = "http://maria:hunter2@127.0.0.1:9/hunter3?token=hunter4"
    pager.answers = [204, 500, 404, lambda handler: handler.wfile.write(b"hunter2?\r\n\r\n")]
    with logs_kept():
        set_up_logs("sentiment-alerts", ServiceSettings(log_level="debug"))
        address(secret).post(POST, NOW)
        for url in (secret, secret, secret, nobody):
            with pytest.raises((NotTaken, Refused)) as told:
                address(url).post(POST, NOW)
            assert "hunter" not in str(told.value)
        logging.getLogger().info("what is logged is seen here")
    logged = capsys.readouterr().out
    assert "what is logged is seen here" in logged
    assert "hunter" not in logged


@pytest.mark.parametrize("url", ["http://[::1/hunter2", "http://host:port/hunter2"])
def test_what_is_no_address_is_said_so_without_it(url: str) -> None:
    with pytest.raises(SettingsError, match="webhook_url") as told:
        Address(url)
    assert "hunter2" not in str(told.value)


@needs_ipv6
def test_an_address_of_ipv6_without_a_port_is_asked_on_the_usual_one(address: Connect) -> None:
    with pytest.raises((NotTaken, Refused)) as told:  # whoever listens there, or nobody
        address("http://[::1]/").post(POST, NOW)
    assert not isinstance(told.value.__cause__, socket.gaierror)
