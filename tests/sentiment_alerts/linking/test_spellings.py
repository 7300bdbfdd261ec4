import pytest

from textwire.sentiment_alerts.linking.spellings import spellings, without_legal_form


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("Johnson & Johnson", {"johnson and johnson", "johnson&johnson"}),
        ("AT&T", {"at & t"}),
        ("AT&amp;T", {"at&t"}),
        ("JPMorgan", {"jp morgan", "j.p. morgan", "j. p. morgan", "j p morgan"}),
        ("U.S. Steel", {"us steel"}),
        ("ExxonMobil", {"exxon mobil", "exxon-mobil"}),
        ("Coca-Cola", {"coca cola", "cocacola"}),
        ("Wal Mart", {"wal-mart"}),
        ("Macy's", {"macys"}),
        ("C3.ai", {"c3 ai"}),
        ("M\u00fcnchner R\u00fcck", {"munchner ruck", "muenchner rueck"}),
    ],
)
def test_a_name_is_written_in_several_ways(name: str, also: set[str]) -> None:
    assert also <= set(spellings(name))


def test_letters_are_not_joined_by_a_word() -> None:
    assert "at and t" not in spellings("AT&T")


@pytest.mark.parametrize(
    ("name", "short"),
    [("Apple Inc.", "Apple"), ("Northmere, Inc", "Northmere"), ("Birla Corp", None), ("SE", None)],
)
def test_what_a_name_is_without_its_legal_form(name: str, short: str | None) -> None:
    assert without_legal_form(name) == short
