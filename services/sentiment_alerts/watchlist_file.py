"""The file that `sentiment_alerts.watchlist` names, once the topic has companies.

    file ── first start ──▶ news.watchlist ◀── textwire watchlist load FILE
      └── what it said when all of it was watched ──▶ Redis

What has changed in the file since then and is not watched is warned of; what people added or
removed beside it is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Event
from typing import NamedTuple

import structlog

from services.sentiment_alerts.watching import Watchlist
from textwire.errors import SettingsError
from textwire.observing.health import Health
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.results.reading import read_watchlist_file
from textwire.sentiment_alerts.results.writing import watchlist_file_writes
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist

CONDITION = "watchlist file"
# A reason has one line: so many names of each kind show what it is about.
MOST_NAMED = 3

log = structlog.get_logger()

Companies = Mapping[str, WatchedCompany]


class Unloaded(NamedTuple):
    """Names of companies: new or changed in the file and not watched so, and gone from it."""

    changed: list[str]
    gone: list[str]


def unloaded(file: Companies, before: Companies, watched: Companies) -> Unloaded:
    """What a file says that is not watched.

    Args: before: what it said when all of it was watched; nothing where that is not known.
    """
    return Unloaded(
        [
            name
            for name, company in file.items()
            if company not in (before.get(name), watched.get(name))
        ],
        [name for name in before if name not in file and name in watched],
    )


class WatchlistFile:
    """Warns while the file says something that nobody loaded."""

    def __init__(
        self,
        path: Path,
        watchlist: Watchlist,
        caught_up: Event,
        store: ResultStore,
        health: Health,
    ) -> None:
        """Nothing is read yet. Args: caught_up: the topic was read to its end."""
        self._path, self._watchlist, self._caught_up = path, watchlist, caught_up
        self._store, self._health = store, health
        self._stamp: tuple[int, int] | None = None
        self._file: dict[str, WatchedCompany] = {}
        self._told = ""

    def look(self) -> None:
        """Compare the file with what is watched, once that is known.

        Raises: RedisUnavailable.
        """
        if not (self._caught_up.is_set() and self._watchlist.has_rows):
            return
        try:
            self._read()
        except (OSError, SettingsError) as error:
            self._tell(f"{self._path} cannot be read: {error}")
            return
        before = read_watchlist_file(self._store)
        watched = {one.name: one for one in self._watchlist.companies}
        missing = unloaded(self._file, before, watched)
        self._tell(_in_words(self._path, missing) if any(missing) else "")
        if not any(missing) and before != self._file:
            self._store.write(watchlist_file_writes(before, list(self._file.values())))

    def _read(self) -> None:
        """Raises: OSError, SettingsError: it cannot be used."""
        stat = self._path.stat()
        stamp = stat.st_mtime_ns, stat.st_size
        if stamp != self._stamp:
            self._file = {one.name: one for one in read_watchlist(self._path)}
            self._stamp = stamp

    def _tell(self, reason: str) -> None:
        if reason == self._told:
            return
        self._told = reason
        if reason:
            log.warning("watchlist file is not what is watched", reason=reason)
            self._health.warn(CONDITION, reason)
        else:
            log.info("watchlist file is watched", file=str(self._path))
            self._health.eased(CONDITION)


def _in_words(path: Path, missing: Unloaded) -> str:
    told = [
        f"{_some(names)} {what}"
        for names, what in (
            (missing.changed, "not watched as it says"),
            (missing.gone, "watched though no longer in it"),
        )
        if names
    ]
    return (
        f"{path} is not taken over by itself after the first start ({'; '.join(told)}): run "
        f"`textwire watchlist load {path}`"
        f"{', with --replace to watch no others' if missing.gone else ''}"
    )


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
