"""Follows `news.alerts`, and has what comes delivered, until stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from services.sentiment_alerts.posting.delivery import Delivery
from textwire.errors import RecordRejected
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import HUNG_AFTER_S, PeriodicTask
from textwire.sentiment_alerts.topics import NEWS_ALERTS
from textwire.settings import KafkaSettings, ServiceSettings, StreamSettings, load
from textwire.stream.clients.following import Share, TopicFollower
from textwire.stream.decoding import Decoder
from textwire.wire.record import Record
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES

POLL_S = 0.5
# While posts are due: what has come is taken up, and nothing waited for.
SHORT_POLL_S = 0.01


def nothing_else(partitions: Iterable[int]) -> None:
    """Nothing but alerts is delivered."""


class Notifier:
    """Delivers what comes on `news.alerts` in one place; what it lacks is warned of."""

    def __init__(
        self,
        name: str,
        delivery: Delivery,
        metrics: ServiceMetrics,
        attempt_s: float,
        group: str,
        kafka: KafkaSettings | None = None,
        look_besides: Callable[[Iterable[int]], None] = nothing_else,
    ) -> None:
        """Start with `start()`.

        Args: attempt_s: how long one attempt takes at most. group: of consumers, its own.
              look_besides: is called with the partitions that this replica has, at every look.
        """
        self._delivery, self._look_besides = delivery, look_besides
        self._kafka, self._group = kafka, group
        self._decoder = Decoder((NEWS_ALERTS,), DEAD_LETTER_MAX_BYTES)
        self._follower: TopicFollower | None = None
        self._share = Share()
        self._task = PeriodicTask(
            name,
            self.look,
            0.0,  # it waits on the topic
            metrics.health,
            metrics.liveness,
            hung_after_s=HUNG_AFTER_S + attempt_s,
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
            self._look_besides(self._share.partitions)
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
