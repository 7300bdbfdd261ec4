"""Posting alerts to an address, beside the stream and never in its way.

It follows `news.alerts` in a consumer group of its own, which the replicas share, and moves on once
the address has taken an alert. So each state of an alert is posted at least once, also after a
crash; whoever receives tells repeats by `Idempotency-Key`. An address that refuses, or is away for
longer than the tries last, misses that post, which is logged and counted; later ones still come.
Alerts that are a day old are passed over.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Event
from urllib.parse import urlsplit

import msgspec
import structlog
from prometheus_client import Counter
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from textwire.errors import RecordRejected, TextwireError
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import HUNG_AFTER_S, PeriodicTask
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings, load
from textwire.stream.clients.following import TopicFollower
from textwire.stream.decoding import Decoder
from textwire.stream.loop.stream_loop import now
from textwire.wire.record import Record
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

GROUP = "sentiment-alerts-webhook"
POLL_S = 0.5
# Half a minute in all with the waits between them: within what the group allows between two polls.
TRIES = 5
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 10.0
# Nobody wants to be woken by it; and an address that is new is not flooded with what was.
OLD_AFTER = timedelta(hours=24)

log = structlog.get_logger(__name__)


class NotTaken(TextwireError):
    """The address did not take a post; it may take it later."""


class Refused(TextwireError):
    """The address will not take this post, however often it comes."""


class Address:
    """Where alerts are posted to."""

    def __init__(self, url: str, secret: str = "", timeout_s: float = 5.0) -> None:
        """`url` is http or https. With a secret each post is signed."""
        parts = urlsplit(url)
        self._connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = parts.hostname or ""
        # Said, because where it is not, the client takes what follows the last colon of an IPv6.
        self._port = parts.port or self._connection.default_port
        self._path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._secret = secret.encode()
        self._timeout_s = timeout_s

    def post(self, alert: Alert) -> None:
        """Post once.

        Raises: NotTaken: it does not answer, or not now. Refused: it answered with a 4xx.
        """
        body = msgspec.json.encode(alert)
        connection = self._connection(self._host, self._port, timeout=self._timeout_s)
        try:
            connection.request("POST", self._path, body, self._headers(alert, body))
            status = connection.getresponse().status
        except OSError as error:
            raise NotTaken(f"no answer: {error}") from error
        except HTTPException as error:
            # By its name alone: what it says may repeat the address, and with it a token.
            raise NotTaken(f"no answer in HTTP: {type(error).__name__}") from None
        finally:
            connection.close()
        if 200 <= status < 300:
            return
        if 400 <= status < 500 and status not in (408, 425, 429):
            raise Refused(f"answered {status}")
        raise NotTaken(f"answered {status}")

    def _headers(self, alert: Alert, body: bytes) -> Mapping[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "textwire",
            "Idempotency-Key": f"{alert.id}:{alert.state}:{alert.updated_at:%Y%m%dT%H%M%S%f}",
        }
        if self._secret:
            signature = hmac.new(self._secret, body, sha256).hexdigest()
            headers["X-Textwire-Signature"] = f"sha256={signature}"
        return headers


class Webhook:
    """Posts what comes on `news.alerts`, until stopped; what it lacks is warned of."""

    def __init__(
        self,
        settings: SentimentAlertsSettings,
        metrics: ServiceMetrics,
        kafka: KafkaSettings | None = None,
        group: str = GROUP,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Start with `start()`."""
        url, secret = (
            each.get_secret_value() for each in (settings.webhook_url, settings.webhook_secret)
        )
        self._address = Address(url, secret, settings.webhook_timeout_s)
        self._kafka, self._group, self._clock = kafka, group, clock
        self._decoder = Decoder((NEWS_ALERTS,), DEAD_LETTER_MAX_BYTES)
        self._follower: TopicFollower | None = None
        self._health = metrics.health
        self._stopping = Event()
        self._posts = Counter(
            "textwire_webhook_posts",
            "Alerts posted, by outcome",
            ["outcome"],
            registry=metrics.registry,
        )
        self._task = PeriodicTask(
            "webhook",
            self.look,
            0.0,  # it waits on the topic
            metrics.health,
            metrics.liveness,
            hung_after_s=HUNG_AFTER_S + TRIES * (settings.webhook_timeout_s + LONGEST_WAIT_S),
            at_end=self._disconnect,
        )

    def start(self) -> None:
        """Begin to post."""
        self._task.start()

    def stop(self) -> None:
        """Post no more; what was not posted yet is posted after the next start."""
        self._stopping.set()
        self._task.stop()

    def look(self) -> None:
        """Post the next alert, if one comes; after a failure, go on where it was left.

        Raises: BrokerUnavailable.
        """
        try:
            follower = self._connected()
            for record in follower.poll(POLL_S):
                self._post(record)
                if not self._stopping.is_set():
                    follower.done_with(record)
        except Exception:
            self._disconnect()
            raise

    def _connected(self) -> TopicFollower:
        if self._follower is None:
            replica, stream = load(ServiceSettings).replica, load(StreamSettings)
            self._follower = TopicFollower(NEWS_ALERTS, self._group, replica, stream, self._kafka)
        return self._follower

    def _disconnect(self) -> None:
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.close(timeout_s=1.0)

    def _post(self, record: Record) -> None:
        if self._clock() - record.at > OLD_AFTER:
            return
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            wait=wait_exponential_jitter(multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S),
            retry=retry_if_exception_type(NotTaken),
            sleep=self._pause,
            reraise=True,
        )
        try:
            tries(self._address.post, self._decoder.decode(record).message)
        except (NotTaken, Refused, RecordRejected) as error:
            log.warning("alert not posted", record=record.id, reason=str(error))
            self._posts.labels("failed").inc()
            self._health.warn("webhook", f"the last alert was not taken: {error}", of="address")
        else:
            self._posts.labels("taken").inc()
            self._health.eased("webhook", of="address")

    def _pause(self, seconds: float) -> None:
        self._stopping.wait(seconds)
