"""A watchlist's file that was edited after the first start is warned of until it is loaded."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sentiment_alerts.watching import Watchlist
from services.sentiment_alerts.watchlist_file import CONDITION, WatchlistFile, unloaded
from textwire.observing.health import Health
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.watchlist import WatchedCompany

ORVELLE = WatchedCompany(name="Orvelle")
RENAMED = WatchedCompany(name="Orvelle", aliases=("Orvelle Software",))
LARKFIELD = WatchedCompany(name="Larkfield")
BRACKWELL = WatchedCompany(name="Brackwell")


class Service:
    """A service that has just started, of which `start` makes the next."""

    def __init__(self, path: Path) -> None:
        self.path, self.store = path, MemoryResults()
        self.caught_up = Event()

    def write(self, *companies: WatchedCompany) -> None:
        self.path.write_bytes(b"\n".join(map(msgspec.json.encode, companies)))
        changed_ns = (self.path.stat().st_mtime_ns // 10**9 + 1) * 10**9
        os.utime(self.path, ns=(changed_ns, changed_ns))  # a clock may tick too slowly

    def start(self, *on_topic: WatchedCompany) -> None:
        self.health = Health()
        self.watchlist = Watchlist([], self.store, lambda _: None)
        self.load(*on_topic)
        self.caught_up.set()
        self.file = WatchlistFile(
            self.path, self.watchlist, self.caught_up, self.store, self.health
        )

    def load(self, *companies: WatchedCompany) -> None:
        self.watchlist.apply({one.name: one for one in companies})

    def warning(self) -> str:
        self.file.look()
        return self.health.warnings


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """Of which Orvelle and Larkfield stand in the file and on the topic."""
    service = Service(tmp_path / "own.jsonl")
    service.write(ORVELLE, LARKFIELD)
    service.start(ORVELLE, LARKFIELD)
    assert service.warning() == ""
    return service


def test_a_company_that_was_added_or_changed_is_told_with_what_to_run_until_it_is_loaded(
    service: Service,
) -> None:
    service.write(RENAMED, LARKFIELD, BRACKWELL)
    told = service.warning()
    assert told.startswith(f"{CONDITION}: {service.path} is not taken over by itself")
    assert "Orvelle, Brackwell not watched as it says" in told
    assert f"`textwire watchlist load {service.path}`" in told
    service.load(RENAMED, BRACKWELL)
    assert service.warning() == ""


def test_a_change_that_came_while_nothing_ran_is_told_too(service: Service) -> None:
    service.write(ORVELLE, LARKFIELD, BRACKWELL)
    service.start(ORVELLE, LARKFIELD)
    assert "Brackwell not watched" in service.warning()


def test_a_company_that_is_gone_from_the_file_is_told_until_it_is_watched_no_more(
    service: Service,
) -> None:
    service.write(ORVELLE)
    assert "Larkfield watched though no longer in it" in service.warning()
    assert "with --replace" in service.warning()
    service.watchlist.apply({"Larkfield": None})
    assert service.warning() == ""


def test_a_file_that_was_set_after_the_first_start_is_told(tmp_path: Path) -> None:
    service = Service(tmp_path / "own.jsonl")
    service.write(BRACKWELL)
    service.start(ORVELLE, LARKFIELD)
    assert "Brackwell not watched" in service.warning()
    service.load(BRACKWELL)  # beside the others, which the file never had
    assert service.warning() == ""


def test_what_people_change_beside_an_unchanged_file_is_not_told(service: Service) -> None:
    service.watchlist.apply({"Larkfield": None, "Brackwell": BRACKWELL, "Orvelle": RENAMED})
    assert service.warning() == ""


def test_nothing_is_told_before_the_topic_was_read(service: Service) -> None:
    service.caught_up.clear()
    service.write(BRACKWELL)
    assert service.warning() == ""


def test_a_file_that_cannot_be_read_any_more_is_told(service: Service) -> None:
    service.write()
    assert "is empty" in service.warning()
    service.path.unlink()
    assert "cannot be read" in service.warning()
    service.write(ORVELLE, LARKFIELD)
    assert service.warning() == ""


COMPANIES = st.dictionaries(
    st.sampled_from(["Orvelle", "Larkfield", "Brackwell"]),
    st.sampled_from([None, "ORV", "LRK"]),
).map(lambda tickers: {n: WatchedCompany(name=n, ticker=t) for n, t in tickers.items()})


@given(file=COMPANIES, before=COMPANIES, watched=COMPANIES)
def test_once_all_of_a_file_is_loaded_in_place_of_others_nothing_is_left_to_tell(
    file: dict[str, WatchedCompany],
    before: dict[str, WatchedCompany],
    watched: dict[str, WatchedCompany],
) -> None:
    assert not any(unloaded(file, before, file))
    assert not any(unloaded(file, file, watched))
