"""What is remembered of a feed between polls, in Redis or in a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec.structs import replace

from textwire.errors import DataFileError
from textwire.results.reading import read_value
from textwire.results.store import ResultStore
from textwire.results.writes import Put
from textwire.sentiment_alerts.feeds.entries import content_hash
from textwire.sentiment_alerts.messages import Article, FeedCondition
from textwire.sentiment_alerts.results.keys import feed_state_key
from textwire.sentiment_alerts.results.writing import DAY_S
from textwire.wire.message import Moment

STATE_TTL_S = 90 * DAY_S
# A feed lists some dozens; one that lists a whole archive has some thousands.
MOST_SEEN = 5_000
WEEK_S = 7 * DAY_S
KEPT_WEEKS = 8


class FeedState(msgspec.Struct, frozen=True, kw_only=True):
    """How far a feed was read.

    moved_to      where it is for good, by a permanent redirect.
    next_at       when it is due; `left_alone_until`: its host asked for that.
    failures      in a row, and since when.
    first_at, last_new_at  times of its oldest and its newest article.
    gaps, longest_gap_s    between its articles: how many, and the longest by week since 1970.
    seen          what was sent: hashes of the contents by article id, the latest last.
    """

    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    next_at: Moment | None = None
    left_alone_until: Moment | None = None
    failures: int = 0
    failing_since: Moment | None = None
    reason: str = ""
    first_at: Moment | None = None
    last_new_at: Moment | None = None
    gaps: int = 0
    longest_gap_s: dict[int, float] = {}
    seen: dict[str, str] = {}
    source: str = ""
    condition: FeedCondition = "alive"

    def unsent(self, articles: Sequence[Article]) -> list[Article]:
        """Those that are new, or say something else than when they were sent."""
        return [one for one in articles if self.seen.get(one.id or "") != content_hash(one)]

    def after_sending(self, articles: Sequence[Article], now: datetime) -> FeedState:
        """Once these were sent; times are the articles' own, or now."""
        seen = dict(self.seen)
        new_at = sorted(one.published_at or now for one in articles if one.id not in seen)
        for one in articles:
            seen.pop(one.id or "", None)
            seen[one.id or ""] = content_hash(one)
        kept = dict(list(seen.items())[-MOST_SEEN:])
        return replace(self.after_articles_of(new_at), seen=kept)

    def after_articles_of(self, times: Sequence[datetime]) -> FeedState:
        """With the gaps between articles of these times, oldest first."""
        first, last, gaps = self.first_at, self.last_new_at, self.gaps
        longest = dict(self.longest_gap_s)
        for at in times:
            if last is not None and at > last:
                week = int(at.timestamp() // WEEK_S)
                longest[week] = max(longest.get(week, 0.0), (at - last).total_seconds())
                gaps += 1
            first = at if first is None else min(first, at)
            last = at if last is None else max(last, at)
        weeks = sorted(longest)[-KEPT_WEEKS:]
        return replace(
            self,
            first_at=first,
            last_new_at=last,
            gaps=gaps,
            longest_gap_s={week: longest[week] for week in weeks},
        )


class FeedStates(Protocol):
    """Where states stand."""

    def read(self, url: str) -> FeedState:
        """A feed's; that of a new one where nothing is known."""
        ...

    def write(self, url: str, state: FeedState) -> None:
        """Remember it."""
        ...


class RedisFeedStates:
    """States in Redis, for a quarter of a year after the last poll."""

    def __init__(self, store: ResultStore) -> None:
        """Nothing is read yet."""
        self._store = store

    def read(self, url: str) -> FeedState:
        """A feed's state.

        Raises: RedisUnavailable.
        """
        return read_value(self._store, feed_state_key(url), FeedState) or FeedState()

    def write(self, url: str, state: FeedState) -> None:
        """Remember it.

        Raises: RedisUnavailable.
        """
        self._store.write([Put(feed_state_key(url), msgspec.json.encode(state), STATE_TTL_S)])


class FileFeedStates:
    """States in one file of JSON, replaced as a whole each time."""

    def __init__(self, path: Path) -> None:
        """Read what stands there.

        Raises: DataFileError: it is no file of states.
        """
        self._path = path
        try:
            content = path.read_bytes() if path.exists() else b"{}"
            self._states = msgspec.json.decode(content, type=dict[str, FeedState])
        except (msgspec.DecodeError, OSError) as error:
            raise DataFileError(
                f"{path} holds no states of feeds ({error}). Name another file, or delete it: then "
                "all that the feeds hold now is sent again, under the same ids."
            ) from error

    def read(self, url: str) -> FeedState:
        """A feed's state."""
        return self._states.get(url, FeedState())

    def write(self, url: str, state: FeedState) -> None:
        """Remember it. Raises: OSError: the file cannot be written."""
        self._states[url] = state
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}")
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(self._states))
        Path(name).replace(self._path)


def due_after(now: datetime, wait_s: float) -> datetime:
    """When to ask again, in UTC."""
    return now.astimezone(UTC) + timedelta(seconds=wait_s)
