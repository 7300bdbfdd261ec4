from __future__ import annotations

from dashboards.sentiment_alerts.watching import watch
from tests.dashboards.page_examples import RecordingSender
from textwire.sentiment_alerts.watchlist import WatchedCompany

LARKFIELD = WatchedCompany(name="Larkfield", aliases=("Larkfield Bank",))


def test_what_was_typed_is_sent_as_a_company() -> None:
    sender = RecordingSender()
    fields = {"name": " Orvelle ", "ticker": "", "aliases": "Orvelle Software, ORV Corp,"}
    assert watch(fields, [LARKFIELD], lambda: sender) == ""
    assert sender.sent == [WatchedCompany(name="Orvelle", aliases=("Orvelle Software", "ORV Corp"))]


def test_one_that_is_watched_is_defined_anew() -> None:
    sender = RecordingSender()
    assert watch({"name": "Larkfield", "sector": "banking"}, [LARKFIELD], lambda: sender) == ""
    assert sender.sent == [WatchedCompany(name="Larkfield", sector="banking")]


def test_what_cannot_be_watched_is_said_and_not_sent() -> None:
    sender = RecordingSender()
    assert "two companies" in watch(
        {"name": "Other", "aliases": "Larkfield Bank"}, [LARKFIELD], lambda: sender
    )
    assert watch({"name": ""}, [LARKFIELD], lambda: sender)
    assert sender.sent == []
