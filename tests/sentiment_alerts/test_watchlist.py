"""Companies as people write them: their tables are read, and what is wrong is said in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from textwire.cli.watchlist import add
from textwire.sentiment_alerts.watchlist import (
    WatchedCompany,
    parted,
    read_watchlist,
    wrong_length,
)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"name": ""}, "its name is empty"),
        ({"name": "   "}, "its name is empty"),
        ({"name": "X"}, "its name 'X' must have 2 to 200 characters"),
        ({"name": "Orvelle", "ticker": ""}, "its ticker is empty"),
        ({"name": "Orvelle", "aliases": ("O",)}, "its alias 'O' must have 2 to 200 characters"),
        ({"name": "Orvelle", "context": ("",)}, "its context word is empty"),
        ({"name": "Orvelle", "sector": ""}, None),
        ({"name": "Orvelle", "ticker": None, "aliases": ("Orvelle Software",)}, None),
    ],
)
def test_a_text_that_cannot_be_used_is_named(fields: dict[str, str], told: str | None) -> None:
    assert wrong_length(fields) == told


def test_an_empty_name_is_refused_in_words_before_anything_is_asked() -> None:
    done = CliRunner().invoke(add, [""])
    assert str(done.exception) == "This is no company that can be watched: its name is empty."


@pytest.mark.parametrize(
    "table",
    [
        "Company;Symbol;Also known as;GICS Sector\nOrvelle;ORV;Orvelle Software, Orv;Technology\n",
        "Security Name,Ticker,Alias,Industry\nOrvelle,ORV,Orvelle Software|Orv,Technology\n",
        "Unternehmen;Kürzel;Weitere Namen;Branche\nOrvelle;ORV;Orvelle Software, Orv;Technology\n",
    ],
)
def test_a_table_by_any_of_these_names_is_the_same_company(tmp_path: Path, table: str) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(table, encoding="utf-8")
    assert read_watchlist(path) == [
        WatchedCompany(
            name="Orvelle", ticker="ORV", aliases=("Orvelle Software", "Orv"), sector="Technology"
        )
    ]


def test_a_column_of_another_name_may_be_said(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text("What,Ticker\nOrvelle,ORV\n", encoding="utf-8")
    assert read_watchlist(path, ["name=What"]) == [WatchedCompany(name="Orvelle", ticker="ORV")]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Amazon|AWS", ["Amazon", "AWS"]),
        ("Amazon; AWS;", ["Amazon", "AWS"]),
        ("Amazon, AWS", ["Amazon", "AWS"]),
        ("Amazon\nAWS", ["Amazon", "AWS"]),
        ("Amazon.com, Inc.", ["Amazon.com, Inc."]),
        ("Amazon.com, Inc., AWS", ["Amazon.com, Inc.", "AWS"]),
        ("Amazon.com, Inc.|AWS", ["Amazon.com, Inc.", "AWS"]),
        ("Inc.", ["Inc."]),
        (" ", []),
    ],
)
def test_a_cell_holds_several_names(cell: str, names: list[str]) -> None:
    assert parted(cell) == names
