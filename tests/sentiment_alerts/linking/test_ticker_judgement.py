"""Whether a ticker without a mark is the company's, by what stands around it."""

from __future__ import annotations

import pytest

from textwire.sentiment_alerts.linking.ticker_judgement import BareTicker, is_meant, spells_out
from textwire.sentiment_alerts.scoring.clauses import Mention


def is_the_company(
    text: str, symbol: str, company: str, others: tuple[Mention, ...] = (), named: int | None = None
) -> bool:
    """Whether the last such symbol of a text is meant; `named`: where its company's name ends."""
    start = text.rindex(symbol)
    mention = Mention(company, start, start + len(symbol))
    names = [] if named is None else [Mention(company, 0, named)]
    one = BareTicker(mention, text, is_capitals=text.isupper())
    return is_meant(one, [mention, *others], names)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("Sold on NYSE:F today", "F"),
        ("CAT US falls", "CAT"),
        ("Seen at <IT>", "IT"),
        ("We are long CAT here", "CAT"),
        ("CAT +2% at noon", "CAT"),
        ("NVDA is the one", "NVDA"),
    ],
)
def test_an_exchange_a_mark_or_the_markets_words_make_a_ticker_of_a_word(text, symbol):
    assert is_the_company(text, symbol, "Somebody Inc")


@pytest.mark.parametrize(
    ("text", "symbol"),
    [
        ("A CAT sat on the mat", "CAT"),
        ("IT down 3% as banks rise", "IT"),
        ("Information technology (IT) grew", "IT"),
        ("All of it is 700", "700"),
        ("GROUP OF CAT OWNERS MEETS", "CAT"),
    ],
)
def test_a_word_a_sector_and_an_abbreviation_are_no_companies(text, symbol):
    assert not is_the_company(text, symbol, "Somebody Inc")


def test_a_letter_in_brackets_is_meant_behind_its_company_alone():
    assert is_the_company("Ford Motor (F) recalls cars", "F", "Ford", named=10)
    assert not is_the_company("Plan B (F) recalls cars", "F", "Ford")


def test_a_word_between_tickers_that_are_none_is_one():
    text = "Sold GS, CAT, BA"
    others = (Mention("Goldman Sachs", 5, 7), Mention("Boeing", 14, 16))
    assert is_the_company(text, "CAT", "Caterpillar", others)
    assert not is_the_company("Dogs, CAT, birds", "CAT", "Caterpillar")


def test_letters_that_are_a_companys_own_are_meant_where_they_do_what_companies_do():
    assert is_the_company("GM recalls 200,000 cars", "GM", "General Motors")
    assert not is_the_company("BA recalls 200,000 cars", "BA", "Boeing")


def test_an_abbreviation_is_spelt_out_with_and_without_its_small_words():
    assert spells_out("department of energy ", "DE")
    assert spells_out("department of energy ", "DOE")
    assert not spells_out("ministry of energy ", "DE")
