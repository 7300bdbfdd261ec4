"""`textwire watchlist`, on the real Kafka."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.cli.conftest import Command as Textwire
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist
from textwire.stream.clients.reading import read_to_end

FILE = (
    '{"name": "Orvelle", "ticker": "ORV", "aliases": ["Orvelle Software"], '
    '"not": ["Orvelle Bay"]}\n'
    '{"name": "Larkfield", "sector": "banking"}\n'
)


@pytest.fixture
def loaded(textwire: Textwire, tmp_path: Path) -> Textwire:
    path = tmp_path / "companies.jsonl"
    path.write_text(FILE)
    done = textwire("watchlist", "load", path, "--replace")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("Loaded 2 companies")
    return textwire


def names(textwire: Textwire) -> list[str]:
    listed = textwire("watchlist", "list", "--json").stdout.splitlines()
    return [msgspec.json.decode(line, type=WatchedCompany).name for line in listed]


def test_a_files_companies_are_listed_by_name(loaded: Textwire) -> None:
    assert names(loaded) == ["Larkfield", "Orvelle"]
    table = loaded("watchlist", "list").stdout
    assert "Orvelle Software" in table
    assert "Orvelle Bay" in table


def test_the_key_is_the_name(loaded: Textwire) -> None:
    keys = {record.key for record in read_to_end(NEWS_WATCHLIST.name) if record.value}
    assert {b"Larkfield", b"Orvelle"} <= keys


def test_one_is_added_defined_anew_and_removed(loaded: Textwire) -> None:
    assert loaded("watchlist", "add", "Brackwell", "--ticker", "BRKW").exit_code == 0
    assert loaded("watchlist", "add", "Larkfield", "--alias", "Larkfield Bank").exit_code == 0
    assert names(loaded) == ["Brackwell", "Larkfield", "Orvelle"]
    assert "Larkfield Bank" in loaded("watchlist", "list").stdout
    assert loaded("watchlist", "remove", "Brackwell").stdout == "Removed 1 company.\n"
    assert names(loaded) == ["Larkfield", "Orvelle"]


def test_a_name_that_would_mean_two_companies_is_refused(loaded: Textwire) -> None:
    refused = loaded("watchlist", "add", "Other", "--alias", "Orvelle")
    assert refused.exit_code == 1
    assert "two companies" in refused.stderr
    assert names(loaded) == ["Larkfield", "Orvelle"]


def test_what_is_exported_is_what_a_backtest_reads(loaded: Textwire, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    assert loaded("watchlist", "export", path).exit_code == 0
    assert [one.name for one in read_watchlist(path)] == ["Larkfield", "Orvelle"]
    assert loaded("watchlist", "export", path).exit_code == 1
    assert loaded("watchlist", "export", path, "--force").exit_code == 0
