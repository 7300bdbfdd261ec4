"""The companies that are watched now: what stands on `news.watchlist`, or a file's before that."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from threading import Event

import structlog

from textwire.errors import SettingsError, Unavailable
from textwire.observing.health import Health
from textwire.results.store import ResultStore
from textwire.results.writes import SetField, Write
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.results.keys import COMPANIES_KEY
from textwire.sentiment_alerts.results.reading import read_companies, read_watched
from textwire.sentiment_alerts.results.records import Company
from textwire.sentiment_alerts.results.writing import company_writes, watched_writes
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.sentiment_alerts.watchlist import WatchedCompany
from textwire.stream.clients.sender import Sender

log = structlog.get_logger()


class Watchlist:
    """Companies by name. Changes come from the thread that follows the topic."""

    def __init__(
        self,
        first: Sequence[WatchedCompany],
        store: ResultStore,
        use: Callable[[Linker], None],
    ) -> None:
        """Args: first: watched until something stands on the topic. use: looks for their names."""
        self._first, self._store, self._use = first, store, use
        self._companies: dict[str, WatchedCompany] = {}
        self.has_rows = False

    @property
    def companies(self) -> list[WatchedCompany]:
        """Those that are watched now."""
        return list(self._companies.values()) if self.has_rows else list(self._first)

    def begin(self) -> None:
        """Nothing has ever stood on the topic: what is watched now is what changes apply to."""
        self._companies, self.has_rows = {one.name: one for one in self._first}, True

    def apply(self, changes: Mapping[str, WatchedCompany | None]) -> None:
        """Watch companies, and those without a value no more.

        Raises: SettingsError: a key is not its company's name, or a name would mean two companies;
                nothing was changed. RedisUnavailable.
        """
        companies = dict(self._companies)
        for key, company in changes.items():
            if company is None:
                companies.pop(key, None)
            elif company.name != key:
                raise SettingsError(
                    f"The key {key!r} is not the company's name, {company.name!r}. Send it under "
                    "its name."
                )
            else:
                companies[key] = company
        linker = Linker(list(companies.values()))
        self._companies, self.has_rows = companies, True
        self._use(linker)
        self.show()

    def show(self) -> None:
        """Let pages know all companies that are watched, and forget those that are no more.

        Raises: RedisUnavailable.
        """
        shown = {company.entity for company in read_companies(self._store)}
        companies = self.companies
        new = [one for one in companies if one.name not in shown]
        writes: list[Write] = [
            write
            for one in new
            for write in company_writes(
                Company(entity=one.name, ticker=one.ticker, sector=one.sector)
            )
        ]
        gone = shown - {one.name for one in companies}
        writes += [SetField(COMPANIES_KEY, name, None) for name in sorted(gone)]
        writes += watched_writes(read_watched(self._store), companies)
        self._store.write(writes)


class FirstList:
    """Puts a file's companies on the topic, where nothing has ever stood there."""

    def __init__(
        self, watchlist: Watchlist, caught_up: Event, service: str, health: Health
    ) -> None:
        """Args: caught_up: the topic was read to its end."""
        self._watchlist, self._caught_up = watchlist, caught_up
        self._service, self._health = service, health

    def look(self) -> None:
        """Put them there, once it is known that nothing stands there.

        Raises: BrokerUnavailable.
        """
        if not self._caught_up.is_set() or self._watchlist.has_rows:
            return
        companies = self._watchlist.companies
        try:
            with closing(Sender(self._service)) as sender:
                sender.send_all(NEWS_WATCHLIST, list(companies))
        except Unavailable as error:
            self._health.warn("watchlist", f"the first companies cannot be sent: {error}")
            raise
        self._watchlist.begin()
        log.info("watchlist begun", topic=NEWS_WATCHLIST.name, companies=len(companies))
