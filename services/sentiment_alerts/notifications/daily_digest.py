"""A day's alerts in one notice, put among a target's posts at its time of day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from services.sentiment_alerts.notifications.notices import digest_of
from services.sentiment_alerts.notifications.targets import Target
from services.sentiment_alerts.posting.waiting import WaitingPosts
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.results.reading import last_digest, read_alerts
from textwire.sentiment_alerts.results.records import WaitingPost
from textwire.sentiment_alerts.results.writing import digest_writes

DIGEST = "digest-"
# Of the replicas, the one that has this partition of news.alerts writes it.
PARTITION = 0
SUMS_UP = timedelta(hours=24)


class DailyDigest:
    """Written once a day, at the first look at or after its time, and kept until it is taken."""

    def __init__(
        self,
        target: Target,
        waiting: WaitingPosts,
        store: ResultStore,
        clock: Callable[[], datetime],
    ) -> None:
        """Nothing is read yet."""
        self._target, self._waiting, self._store, self._clock = target, waiting, store, clock

    def look(self, partitions: Iterable[int]) -> None:
        """Write today's if it is time.

        Raises: RedisUnavailable.
        """
        at_time, now = self._target.digest_at, self._clock()
        if at_time is None or PARTITION not in partitions:
            return
        local = now.astimezone(ZoneInfo(self._target.zone))
        day = local.date()
        if local.time() < at_time or last_digest(self._store, self._target.name) == f"{day}":
            return
        raised = [one for one in read_alerts(self._store) if one.updated_at > now - SUMS_UP]
        wanted = self._target.companies
        told = [one for one in raised if not wanted or one.entity in wanted]
        name = f"{DIGEST}{self._target.name}-{day}"
        self._waiting.add(
            WaitingPost(
                id=name,
                alert_id=name,
                partition=PARTITION,
                offset=0,
                at=now,
                body=msgspec.json.encode(digest_of(told, day)).decode(),
            )
        )
        self._store.write(digest_writes(self._target.name, day))


def is_digest(post: WaitingPost) -> bool:
    """Whether a waiting post is a digest, and no alert."""
    return post.alert_id.startswith(DIGEST)
