"""Asking feeds every so often, politely, and sending what is new of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import structlog
from msgspec.structs import replace

from textwire.backoff import Backoff
from textwire.errors import Unavailable
from textwire.observing.health import Health
from textwire.sentiment_alerts.feeds.entries import EntryReading, as_articles
from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.fetching import Fetched
from textwire.sentiment_alerts.feeds.liveliness import condition_of, silent_after
from textwire.sentiment_alerts.feeds.metrics import FeedMetrics
from textwire.sentiment_alerts.feeds.parsing import FeedDocument, parse_feed
from textwire.sentiment_alerts.feeds.state import FeedState, FeedStates, due_after
from textwire.sentiment_alerts.feeds.subscriptions import Subscription
from textwire.sentiment_alerts.messages import FeedCondition, FeedReport
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_FEEDS
from textwire.urls import without_secrets
from textwire.wire.message import Message
from textwire.wire.topic import Topic

HOSTS_AT_ONCE = 8
# Whatever a feed asks for with `ttl` or `Retry-After`, it is asked again after a day.
LONGEST_WAIT_S = 24 * 3600.0
LONGEST_BACKOFF_S = 3600.0
LONGEST_SLEEP_S = 60.0

log = structlog.get_logger(__name__)


class Fetcher(Protocol):
    """Whoever asks for a feed."""

    async def fetch(self, url: str, etag: str | None, last_modified: str | None) -> Fetched:
        """What stands there. Raises: FeedFailed."""
        ...


class Manners(NamedTuple):
    """How often feeds are asked, and how soon after one another those of a host."""

    every_s: float = 300.0
    host_delay_s: float = 1.0


class Polled(NamedTuple):
    """What came of asking a feed: how many articles were sent, or why it failed."""

    feed: str
    sent: int = 0
    failure: str = ""


Send = Callable[[Topic, list[Message]], None]


class FeedPoller:
    """Asks what is due. A feed that fails, however it does, stops no other."""

    def __init__(
        self,
        subscriptions: Sequence[Subscription],
        fetcher: Fetcher,
        states: FeedStates,
        send: Send,
        metrics: FeedMetrics,
        health: Health,
        manners: Manners | None = None,
        reading: EntryReading | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`send` returns once messages are taken, and is called from another thread."""
        self._subscriptions, self._fetcher, self._states = subscriptions, fetcher, states
        self._send, self._metrics, self._health = send, metrics, health
        self._manners, self._reading = manners or Manners(), reading or EntryReading()
        self._clock, self._sleep = clock, sleep
        self._hosts = asyncio.Semaphore(HOSTS_AT_ONCE)

    async def run(self) -> None:
        """Ask for ever, whatever is away."""
        backoff = Backoff(1.0, 60.0)
        while True:
            try:
                await self.poll()
            except Unavailable as error:
                wait_s = backoff.failed()
                self._health.unmet("feeds", str(error))
                log.warning("feeds not read", reason=str(error), again_in_s=wait_s)
            else:
                backoff.succeeded()
                self._health.met("feeds")
                wait_s = self._until_due_s()
            await self._sleep(wait_s)

    async def poll(self, *, even_if_not_due: bool = False) -> list[Polled]:
        """Ask once for every feed that is due; hosts beside one another, a host's feeds in turn.

        Args:   even_if_not_due: only those are left out whose host asked to be left alone.
        Raises: Unavailable: the broker or the store is away; all that could be done was.
        """
        due = [one for one in self._subscriptions if self._is_due(one, even_if_not_due)]
        due.sort(key=_host)
        of_hosts = [list(those) for _, those in groupby(due, key=_host)]
        done = await asyncio.gather(*map(self._poll_host, of_hosts), return_exceptions=True)
        for one in done:
            if isinstance(one, BaseException):
                raise one
        return [polled for those in done if isinstance(those, list) for polled in those]

    async def _poll_host(self, those: Iterable[Subscription]) -> list[Polled]:
        done: list[Polled] = []
        async with self._hosts:
            for one in those:
                if done:
                    await self._sleep(self._manners.host_delay_s)
                done.append(await self._poll_one(one))
                if (until := self._left_alone_until(one)) is not None:
                    self._leave_alone(those, until)
                    break
        return done

    async def _poll_one(self, one: Subscription) -> Polled:
        feed, state = without_secrets(one.url), self._states.read(one.url)
        address = state.moved_to or one.url
        try:
            fetched = await self._fetcher.fetch(address, state.etag, state.last_modified)
            document = None
            if fetched.body is not None:
                document = await asyncio.to_thread(
                    parse_feed, fetched.body, fetched.content_type, without_secrets(address)
                )
        except FeedFailed as failure:
            return await self._failed(one, feed, state, failure)
        sent = 0
        if document is not None:
            state, sent = await self._take(one, feed, state, document)
            state = replace(state, etag=fetched.etag, last_modified=fetched.last_modified)
        self._metrics.polled(feed, "new" if sent else "unchanged")
        wait_s = max(self._manners.every_s, 60 * document.ttl_minutes if document else 0.0)
        state = replace(
            state,
            moved_to=fetched.moved_to or state.moved_to,
            next_at=due_after(self._clock(), min(wait_s, LONGEST_WAIT_S)),
            left_alone_until=None,
            failures=0,
            failing_since=None,
            reason="",
        )
        await self._conclude(one, feed, state)
        return Polled(feed, sent)

    async def _take(
        self, one: Subscription, feed: str, state: FeedState, document: FeedDocument
    ) -> tuple[FeedState, int]:
        now = self._clock()
        read = as_articles(document, one.url, one.source, now, self._reading)
        new = state.unsent(read.articles)
        if new:
            await asyncio.to_thread(self._send, NEWS_ARTICLES, list(new))
            log.info("feed read", feed=feed, sent=len(new), entries=len(read.articles))
        if document.malformed:
            log.info(
                "feed is malformed, and was read as far as it goes",
                feed=feed,
                reason=document.malformed,
            )
        self._metrics.read(feed, read, len(new))
        source = one.source or document.title[:500]
        return replace(state.after_sending(new, now), source=source), len(new)

    async def _failed(
        self, one: Subscription, feed: str, state: FeedState, failure: FeedFailed
    ) -> Polled:
        now, reason = self._clock(), str(failure)
        longest_s = max(self._manners.every_s, LONGEST_BACKOFF_S)
        wait_s = Backoff(self._manners.every_s, longest_s, state.failures).failed()
        wait_s = max(wait_s, min(failure.retry_after_s, LONGEST_WAIT_S))
        log.warning("feed not read", feed=feed, reason=reason, again_in_s=wait_s)
        self._metrics.polled(feed, "failed")
        state = replace(
            state,
            failures=state.failures + 1,
            failing_since=state.failing_since or now,
            reason=reason,
            next_at=due_after(now, wait_s),
            left_alone_until=due_after(now, wait_s) if failure.retry_after_s else None,
            # A feed that is not where it moved to is looked for where it was.
            moved_to=None,
        )
        await self._conclude(one, feed, state)
        return Polled(feed, failure=reason)

    async def _conclude(self, one: Subscription, feed: str, state: FeedState) -> None:
        """Tell how the feed is doing where that has changed, and remember everything."""
        now = self._clock()
        condition = condition_of(state, now)
        if condition != state.condition:
            report = _report(feed, state, condition, now)
            await asyncio.to_thread(self._send, NEWS_FEEDS, [report])
            log.warning("feed is " + condition, feed=feed, reason=state.reason)
        self._metrics.stands(feed, condition, state.last_new_at)
        if state.failing_since is not None:
            self._health.warn("feed", f"{feed}: {state.reason}", of=feed)
        elif condition == "silent":
            self._health.warn("feed", f"{feed}: nothing new for long", of=feed)
        else:
            self._health.eased("feed", of=feed)
        self._states.write(one.url, replace(state, condition=condition))

    def _is_due(self, one: Subscription, even_if_not_due: bool) -> bool:
        state = self._states.read(one.url)
        wanted = state.left_alone_until if even_if_not_due else state.next_at
        return self._ahead(wanted) is None

    def _left_alone_until(self, one: Subscription) -> datetime | None:
        return self._ahead(self._states.read(one.url).left_alone_until)

    def _ahead(self, moment: datetime | None) -> datetime | None:
        """A moment that is still to come; none that a clock has noted which was set back since.

        Those lie farther ahead than any wait is long.
        """
        now = self._clock()
        longest = timedelta(seconds=max(LONGEST_WAIT_S, self._manners.every_s))
        return moment if moment is not None and now < moment <= now + longest else None

    def _leave_alone(self, those: Iterable[Subscription], until: datetime) -> None:
        """A host that is asked too often is not asked for its other feeds either."""
        for one in those:
            state = self._states.read(one.url)
            next_at = max(state.next_at or until, until)
            self._states.write(one.url, replace(state, next_at=next_at, left_alone_until=until))

    def _until_due_s(self) -> float:
        now = self._clock()
        due_at = [
            self._ahead(self._states.read(one.url).next_at) or now for one in self._subscriptions
        ]
        wait = min(due_at, default=now + timedelta(seconds=self._manners.every_s)) - now
        # And at times though none is due: the clock may be set meanwhile.
        return max(self._manners.host_delay_s, min(wait.total_seconds(), LONGEST_SLEEP_S))


def _host(one: Subscription) -> str:
    return urlsplit(one.url).hostname or ""


def _report(feed: str, state: FeedState, condition: FeedCondition, now: datetime) -> FeedReport:
    reason = state.reason
    if condition == "silent":
        hours = silent_after(state).total_seconds() / 3600
        reason = f"nothing new, where at most {hours:.0f} hours without are usual"
    since = state.failing_since if condition == "failing" else state.last_new_at
    return FeedReport(
        feed=feed,
        source=state.source or None,
        condition=condition,
        since=since or now,
        reason=reason[:500],
        at=now,
    )
