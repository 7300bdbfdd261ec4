"""Follows `news.alerts`, and has what comes delivered, until stopped."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.sentiment_alerts.webhook.address import Address
from services.sentiment_alerts.webhook.delivery import Delivery
from services.sentiment_alerts.webhook.waiting import WaitingPosts
from textwire.errors import RecordRejected
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import HUNG_AFTER_S, PeriodicTask
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings, load
from textwire.stream.clients.following import Share, TopicFollower
from textwire.stream.decoding import Decoder
from textwire.stream.loop.stream_loop import now
from textwire.wire.record import Record
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

GROUP = "sentiment-alerts-webhook"
POLL_S = 0.5
# While posts are due: what has come is taken up, and nothing waited for.
SHORT_POLL_S = 0.01


class Webhook:
    """Posts what comes on `news.alerts`; what it lacks is warned of."""

    def __init__(
        self,
        settings: SentimentAlertsSettings,
        store: ResultStore,
        metrics: ServiceMetrics,
        kafka: KafkaSettings | None = None,
        group: str = GROUP,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Start with `start()`.

        Raises: SettingsError: alerts cannot be posted to the address.
        """
        address = Address(
            settings.webhook_url.get_secret_value(),
            settings.webhook_secrets,
            settings.webhook_timeout_s,
        )
        policy = settings.notification_policy
        self._delivery = Delivery(address, WaitingPosts(store), metrics, None, clock, policy)
        self._kafka, self._group = kafka, group
        self._decoder = Decoder((NEWS_ALERTS,), DEAD_LETTER_MAX_BYTES)
        self._follower: TopicFollower | None = None
        self._share = Share()
        self._task = PeriodicTask(
            "webhook",
            self.look,
            0.0,  # it waits on the topic
            metrics.health,
            metrics.liveness,
            hung_after_s=HUNG_AFTER_S + settings.webhook_timeout_s,
            at_end=self._end,
        )

    def start(self) -> None:
        """Begin to post."""
        self._task.start()

    def stop(self) -> None:
        """Post no more; what was not taken yet is posted after the next start."""
        self._task.stop()

    def look(self) -> None:
        """Take up the next alert, if one comes, and post what is due; after a failure begin anew.

        Raises: BrokerUnavailable, RedisUnavailable.
        """
        try:
            follower = self._connected()
            for record in follower.poll(self._patience_s()):
                self._take_over(follower.share)
                self._take_up(record)
                follower.done_with(record)
            self._take_over(follower.share)
            self._delivery.deliver_one()
        except Exception:
            self._disconnect()
            raise

    def _patience_s(self) -> float:
        return min(POLL_S, max(SHORT_POLL_S, self._delivery.until_due_s()))

    def _take_over(self, share: Share) -> None:
        """Whatever others did with the partitions meanwhile stands in the store."""
        if share != self._share:
            self._delivery.waiting.take_over(share.partitions)
            self._share = share

    def _take_up(self, record: Record) -> None:
        try:
            alert = self._decoder.decode(record).message
        except RecordRejected as error:
            self._delivery.cannot_read(record, error)
        else:
            self._delivery.take_up(record, alert)

    def _connected(self) -> TopicFollower:
        if self._follower is None:
            replica, stream = load(ServiceSettings).replica, load(StreamSettings)
            self._follower = TopicFollower(NEWS_ALERTS, self._group, replica, stream, self._kafka)
        return self._follower

    def _disconnect(self) -> None:
        self._share = Share()
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.close(timeout_s=1.0)

    def _end(self) -> None:
        self._disconnect()
        self._delivery.close()
