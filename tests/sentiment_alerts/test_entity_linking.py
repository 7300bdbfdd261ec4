from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.article_scorers import COMPANIES
from textwire.errors import SettingsError
from textwire.sentiment_alerts.entity_linking import Linker
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist, watchlist_path

LINKER = Linker(
    [
        *COMPANIES,
        WatchedCompany(name="Larkfield Invest"),
        WatchedCompany(name="Target"),
        WatchedCompany(name="T&V", ticker="600519.SH"),
        WatchedCompany(name="贵州茅台"),
        WatchedCompany(name="Halvers Stores", aliases=("Halvers",)),
    ]
)


def named(text: str) -> list[str]:
    return [mention.entity for mention in LINKER.mentions_in(text)]


@pytest.mark.parametrize(
    ("text", "companies"),
    [
        ("Northmere slumps", ["Northmere Energy"]),
        ("NORTHMERE SLUMPS", ["Northmere Energy"]),
        ("northmere energy slumps", ["Northmere Energy"]),
        ("Northmere's chief and Halvers' shops", ["Northmere Energy", "Halvers Stores"]),
        ("Northmere\u2019s chief", ["Northmere Energy"]),
        ("a Northmere-owned mill", ["Northmere Energy"]),
        ("Northmeres and Southnorthmere", []),
        ("The target was missed", []),
        ("Target misses its target", ["Target"]),
        ("Larkfield Invest and Larkfield Bank", ["Larkfield Invest", "Larkfield"]),
        ("Larkfield Investors meet", ["Larkfield"]),
        ("buy $NMRE now, sell $slvp.", ["Northmere Energy", "Solvanta Power"]),
        ("a charge (NMRE) and (NYSE: SLVP)", ["Northmere Energy", "Solvanta Power"]),
        ("LSE:LRKF rises", ["Larkfield"]),
        ("T&V (600519.SH) wins", ["T&V", "T&V"]),
        ("NMRE alone may be any word", []),
        ("昨天贵州茅台股价下跌", ["贵州茅台"]),
        ("İstanbul: Northmere slumps", ["Northmere Energy"]),
        ("", []),
    ],
)
def test_companies_are_found_as_people_write_them(text: str, companies: list[str]) -> None:
    assert named(text) == companies


def test_a_mention_says_where_it_stands() -> None:
    text = "İİ Shares of Northmere Energy fall"
    (mention,) = LINKER.mentions_in(text)
    assert text[mention.start : mention.end] == "Northmere Energy"


@given(st.text(alphabet="Nortme $(:)NMRE.,'İß\u00df\n茅台", max_size=60))
def test_any_text_can_be_read_and_mentions_stand_apart_in_order(text: str) -> None:
    mentions = LINKER.mentions_in(text)
    assert all(0 <= m.start < m.end <= len(text) for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))


def test_two_companies_of_one_name_are_told_with_their_lines(tmp_path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text(
        '{"name": "Northmere Energy", "aliases": ["Northmere"]}\n'
        '{"name": "Northmere Foods", "aliases": ["NORTHMERE"]}\n'
    )
    with pytest.raises(
        SettingsError, match=r"Northmere Energy .*line 1\) and Northmere Foods .*2\)"
    ):
        read_watchlist(path)


def test_two_companies_of_one_ticker_are_told() -> None:
    with pytest.raises(SettingsError, match=r"\$abc"):
        Linker([WatchedCompany(name="One", ticker="ABC"), WatchedCompany(name="Two", ticker="abc")])


def test_a_watchlist_may_be_a_table(tmp_path) -> None:
    path = tmp_path / "companies.csv"
    path.write_text(
        "name,ticker,aliases,sector\nNorthmere Energy,NMRE,Northmere|NM Energy,energy\n"
    )
    (company,) = read_watchlist(path)
    assert company == WatchedCompany(
        name="Northmere Energy", ticker="NMRE", aliases=("Northmere", "NM Energy"), sector="energy"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "is empty"), ('{"ticker": "A"}\n', "line 1: there is no `name`"), ("{\n", "not JSON")],
)
def test_a_broken_watchlist_says_where(content: str, says: str, tmp_path) -> None:
    path = tmp_path / "companies.jsonl"
    path.write_text(content)
    with pytest.raises(SettingsError, match=says):
        read_watchlist(path)


def test_the_sample_watchlist_can_be_used() -> None:
    assert Linker(read_watchlist(watchlist_path(None))).companies
