"""What becomes of a post: taken, refused, tried again, or given up after a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
import structlog
from msgspec.structs import replace

from services.sentiment_alerts.posting.post_counts import PostCounts
from services.sentiment_alerts.posting.recipient import NotTaken, Recipient, Refused
from services.sentiment_alerts.posting.retry_schedule import RetrySchedule
from services.sentiment_alerts.posting.waiting import WaitingPosts
from textwire.observing.metrics import ServiceMetrics
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.notification_policy import NotificationPolicy
from textwire.sentiment_alerts.results.records import WaitingPost
from textwire.stream.loop.stream_loop import now
from textwire.wire.record import Record

# Nobody wants to be woken by it; and an address that is new is not flooded with what was.
OLD_AFTER = timedelta(hours=24)
# Enough of a hash that no two contents of a day have the same.
ID_CHARACTERS = 32

log = structlog.get_logger(__name__)


class Delivery:
    """Posts what waits, one attempt at a time, and tells what came of it."""

    def __init__(
        self,
        name: str,
        recipient: Recipient,
        waiting: WaitingPosts,
        metrics: ServiceMetrics,
        counts: PostCounts,
        policy: NotificationPolicy | None = None,
        clock: Callable[[], datetime] = now,
        schedule: RetrySchedule | None = None,
    ) -> None:
        """What the delivery stands on.

        Args: name: under which it is told what it lacks.
              policy: which states are posted, and when; without one all are, at once.
        """
        self.waiting, self._policy = waiting, policy
        self._recipient, self._clock = recipient, clock
        self._schedule = schedule or RetrySchedule()
        self._health = metrics.health
        self._name = name
        self._counts = counts
        self._counts.watch(waiting)

    def take_up(self, record: Record, alert: Alert) -> None:
        """Have a state of an alert posted, if it is to be and is not a day old: it is kept now.

        Raises: RedisUnavailable: it is not kept.
        """
        if self._is_old(record.at):
            return
        post = as_post(record, alert)
        if self._policy is not None:
            when = self._policy.when(alert, self._clock())
            if when is None:
                return
            post = replace(post, not_before=when if when > self._clock() else None)
        for gone in self.waiting.add(post):
            self._tell_gone("dropped", gone, "more posts wait than are kept")

    def cannot_read(self, record: Record, error: Exception) -> None:
        """Pass over a record that holds no alert."""
        log.warning("alert not posted", record=record.id, outcome="unreadable", reason=str(error))
        self._counts.count("unreadable")

    def until_due_s(self) -> float:
        """How long until something may be posted; infinite while nothing waits."""
        now_ = self._clock()
        if self.waiting.next_untried(now_):
            return self._schedule.until_open_s()
        if self.waiting.next_tried(now_):
            return self._schedule.until_again_s()
        return self.waiting.until_held_s(now_)

    def deliver_one(self) -> None:
        """Post what is due, if anything is: once.

        Raises: RedisUnavailable: what came of it is told, but it may be posted again.
        """
        for old in self.waiting.those(lambda post: self._is_old(post.at)):
            self._tell_gone("expired", old, "it was not taken within a day")
            self.waiting.done_with(old)
        if self.until_due_s() > 0:
            return
        at = self._clock()
        if post := self.waiting.next_untried(at) or self.waiting.next_tried(at):
            self._post(post)

    def close(self) -> None:
        """Post no more."""
        self._recipient.close()

    def _post(self, post: WaitingPost) -> None:
        try:
            self._recipient.post(post, self._clock())
        except NotTaken as error:
            self._schedule.failed(error.retry_after_s)
            self.waiting.failed(post)
            log.warning("alert not posted yet", alert=post.alert_id, id=post.id, reason=str(error))
            self._warn(f"{len(self.waiting)} posts wait for its address: {error}")
        except Refused as error:
            self._schedule.answered()
            self._tell_gone("refused", post, str(error))
            self.waiting.done_with(post)
        else:
            self._schedule.answered()
            self._counts.count("taken")
            self._health.eased(self._name, of="address")
            self.waiting.done_with(post)

    def _tell_gone(self, outcome: str, post: WaitingPost, reason: str) -> None:
        log.warning(
            "alert not posted", alert=post.alert_id, id=post.id, outcome=outcome, reason=reason
        )
        self._counts.count(outcome)
        self._warn(f"an alert was not posted: {reason}")

    def _warn(self, reason: str) -> None:
        self._health.warn(self._name, reason, of="address")

    def _is_old(self, at: datetime) -> bool:
        return self._clock() - at > OLD_AFTER


def as_post(record: Record, alert: Alert) -> WaitingPost:
    """A state of an alert, to be posted. Its id follows from its content, the alert's id included.

    So what is read twice is one message for whoever receives, and what differs never is.
    """
    body = msgspec.json.encode(alert)
    return WaitingPost(
        id=f"msg_{sha256(body).hexdigest()[:ID_CHARACTERS]}",
        alert_id=alert.id,
        partition=record.partition.number,
        offset=record.offset,
        at=record.at,
        body=body.decode(),
    )
