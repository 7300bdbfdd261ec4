"""The posts that wait, in Redis and here: whoever has a partition of alerts has its posts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from math import inf

from textwire.results.store import ResultStore
from textwire.sentiment_alerts.results.reading import read_waiting_posts
from textwire.sentiment_alerts.results.records import WaitingPost
from textwire.sentiment_alerts.results.writing import gone_post_writes, waiting_post_writes

# Of each partition: a day of alerts by the dozen an hour, and the largest record twice over.
MOST_POSTS = 1_000
MOST_BYTES = 8 * 1024 * 1024
# Quiet hours end within a day, or within one in which clocks are put back.
MOST_HELD = timedelta(hours=26)
LONG_AFTER = datetime.max.replace(tzinfo=UTC)


class WaitingPosts:
    """In the order of their records. Of an alert only the first may be posted.

    What is kept in Redis is what waits, and never how often it was tried: so a replica that was
    frozen, and wakes among others who have its partitions, can spoil nothing.
    """

    def __init__(
        self,
        store: ResultStore,
        most_posts: int = MOST_POSTS,
        most_bytes: int = MOST_BYTES,
        target: str = "",
    ) -> None:
        """Empty until `take_over`. Args: target: whose they are; empty: the webhook's."""
        self._target = target
        self._store, self._most_posts, self._most_bytes = store, most_posts, most_bytes
        self._posts: dict[str, WaitingPost] = {}
        # Alerts whose first post was tried, in the order in which they are tried again.
        self._tried: dict[str, None] = {}

    def __len__(self) -> int:
        return len(self._posts)

    def take_over(self, partitions: Iterable[int]) -> None:
        """Have these partitions' posts, and no others. All count as tried: nobody knows better.

        Raises: RedisUnavailable.
        """
        read = [
            post
            for one in sorted(partitions)
            for post in read_waiting_posts(self._store, one, self._target)
        ]
        self._posts = {post.id: post for post in read}
        self._tried = dict.fromkeys(post.alert_id for post in read)

    def add(self, post: WaitingPost) -> list[WaitingPost]:
        """Keep one more, or nothing new where it waits already.

        It takes the place of what the policy holds back of its alert.

        Returns: what there was no room for any more, oldest first.
        Raises:  RedisUnavailable: it is not kept.
        """
        if post.id in self._posts:
            return []
        held = self.those(lambda one: one.alert_id == post.alert_id and one.not_before is not None)
        self._store.write(waiting_post_writes(post, self._target))
        self._posts[post.id] = post
        self.done_with(*(one for one in held if one.alert_id not in self._tried))
        return self._make_room(post.partition)

    def next_untried(self, now: datetime = LONG_AFTER) -> WaitingPost | None:
        """The first of the alerts none of whose posts has failed, of those that may go by now."""
        return self._first(lambda post: post.alert_id not in self._tried and _may_go(post, now))

    def next_tried(self, now: datetime = LONG_AFTER) -> WaitingPost | None:
        """The first post of the alert that was tried longest ago."""
        may_go = {post.alert_id for post in self.those(lambda one: _may_go(one, now))}
        alert_id = next((one for one in self._tried if one in may_go), None)
        return self._first(lambda post: post.alert_id == alert_id)

    def until_held_s(self, now: datetime) -> float:
        """How long until the policy lets the next one go; infinite where none is held back."""
        waits = [(post.not_before - now).total_seconds() for post in self._posts.values()
                 if post.not_before is not None and not _may_go(post, now)]  # fmt: skip
        return max(0.0, min(waits, default=inf))

    def failed(self, post: WaitingPost) -> None:
        """Let all others that have failed come before it."""
        self._tried.pop(post.alert_id, None)
        self._tried[post.alert_id] = None  # behind all that stand there

    def done_with(self, *posts: WaitingPost) -> None:
        """Let the next of their alerts come.

        Raises: RedisUnavailable: they are forgotten here, and posted again after a restart.
        """
        for post in posts:
            del self._posts[post.id]
        left = {post.alert_id for post in self._posts.values()}
        self._tried = {alert_id: None for alert_id in self._tried if alert_id in left}
        self._store.write(write for post in posts for write in gone_post_writes(post, self._target))

    def those(self, condition: Callable[[WaitingPost], bool]) -> list[WaitingPost]:
        """All that fulfil it, oldest first."""
        return [post for post in self._posts.values() if condition(post)]

    def _first(self, condition: Callable[[WaitingPost], bool]) -> WaitingPost | None:
        return next(filter(condition, self._posts.values()), None)

    def _make_room(self, partition: int) -> list[WaitingPost]:
        kept = self.those(lambda post: post.partition == partition)
        size = sum(post.size for post in kept)
        dropped = 0
        while len(kept) - dropped > self._most_posts or size > self._most_bytes:
            size -= kept[dropped].size
            dropped += 1
        self.done_with(*kept[:dropped])
        return kept[:dropped]


def _may_go(post: WaitingPost, now: datetime) -> bool:
    """Whether it is not held back; what is for longer than any is was noted by a wrong clock."""
    held_until = post.not_before
    return held_until is None or held_until <= now or held_until - now > MOST_HELD
