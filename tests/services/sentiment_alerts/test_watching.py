"""Which companies are watched: a file's at first, and then what stands on the topic."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from services.sentiment_alerts.watching import Watchlist
from tests.article_scorers import COMPANIES
from textwire.errors import SettingsError
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.results.reading import read_companies, read_watched
from textwire.sentiment_alerts.watchlist import WatchedCompany

ORVELLE = WatchedCompany(name="Orvelle", aliases=("Orvelle Software",))


class Watched:
    """A watchlist, and the names that are looked for."""

    def __init__(self, first: Sequence[WatchedCompany] = COMPANIES) -> None:
        self.store, self.linker = MemoryResults(), Linker(first)
        self.list = Watchlist(first, self.store, self._use)
        self.list.show()

    def _use(self, linker: Linker) -> None:
        self.linker = linker

    def found(self, text: str) -> list[str]:
        return [mention.entity for mention in self.linker.mentions_in(text)]


def test_a_files_companies_are_watched_until_something_stands_on_the_topic() -> None:
    watched = Watched()
    assert [one.entity for one in read_companies(watched.store)] == sorted(
        one.name for one in COMPANIES
    )
    watched.list.apply({"Orvelle": ORVELLE})
    assert watched.found("Orvelle and Larkfield slump") == ["Orvelle"]
    assert list(read_watched(watched.store)) == ["Orvelle"]
    assert [one.entity for one in read_companies(watched.store)] == ["Orvelle"]


def test_on_a_topic_that_begins_with_the_files_companies_others_come_to_them() -> None:
    watched = Watched()
    watched.list.begin()
    watched.list.apply({"Orvelle": ORVELLE})
    assert set(watched.found("Orvelle and Larkfield slump")) == {"Orvelle", "Larkfield"}
    watched.list.apply({"Larkfield": None})
    assert watched.found("Orvelle and Larkfield slump") == ["Orvelle"]


def test_nobody_is_watched_where_all_were_removed() -> None:
    watched = Watched()
    watched.list.begin()
    watched.list.apply({one.name: None for one in COMPANIES})
    assert watched.found("Larkfield slumps") == []
    assert read_companies(watched.store) == []


@pytest.mark.parametrize(
    ("key", "company", "reason"),
    [
        ("Other", ORVELLE, "is not the company's name"),
        ("Orvelle", WatchedCompany(name="Orvelle", aliases=("Larkfield",)), "two companies"),
    ],
)
def test_what_cannot_be_watched_changes_nothing(
    key: str, company: WatchedCompany, reason: str
) -> None:
    watched = Watched()
    watched.list.begin()
    with pytest.raises(SettingsError, match=reason):
        watched.list.apply({key: company})
    assert watched.found("Orvelle and Larkfield slump") == ["Larkfield"]
    assert "Orvelle" not in read_watched(watched.store)
