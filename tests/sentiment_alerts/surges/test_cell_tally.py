"""What one company has in one cell: counts that cost the same however many articles come."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from textwire.sentiment_alerts.surges.cell_tally import (
    KEPT_ARTICLES,
    WHOLE,
    CellTally,
    Negative,
    articles_of,
    balance,
    negatives_by_key,
    time_of,
)


def negative(number: int, *topics: str) -> Negative:
    return Negative(number, f"a{number:04}", topics, "Strike")


def tally_of(*articles: Negative) -> CellTally:
    tally = CellTally()
    for one in articles:
        for key in (WHOLE, *one.topics):
            tally.counted(key).add("negative", -0.9)
        tally.keep(one)
    return tally


@given(st.integers(0, 200), st.randoms(use_true_random=False))
def test_what_is_kept_by_name_is_bounded_and_of_no_order(count: int, shuffle: Random) -> None:
    articles = [negative(n, "legal") if n % 3 == 0 else negative(n) for n in range(count)]
    come = shuffle.sample(articles, len(articles))
    tally = tally_of(*come)
    assert tally.articles == tally_of(*articles).articles
    assert len(tally.articles) <= 2 * KEPT_ARTICLES
    assert articles_of([tally], WHOLE)[:KEPT_ARTICLES] == articles[:KEPT_ARTICLES]
    legal = [one for one in articles if one.topics]
    assert articles_of([tally], "legal")[:KEPT_ARTICLES] == legal[:KEPT_ARTICLES]


def test_the_time_of_an_article_is_its_own_where_it_is_kept() -> None:
    cells = [tally_of(*(negative(n) for n in range(3))), tally_of(negative(50), negative(60))]
    assert [time_of(cells, WHOLE, number) for number in (1, 3, 4, 5)] == [0, 2, 50, 60]
    many = [tally_of(*(negative(n) for n in range(100)))]
    assert time_of(many, WHOLE, 90) == KEPT_ARTICLES - 1


def test_counts_and_balance_are_of_all_cells() -> None:
    cells = [tally_of(negative(1, "legal"), negative(2)), tally_of(negative(3))]
    cells[0].counted(WHOLE).add("positive", 0.9)
    assert negatives_by_key(cells) == {WHOLE: 3, "legal": 1}
    assert (balance(cells, WHOLE), balance(cells, "legal"), balance(cells, "none")) == (2, 1, 0)


def test_what_is_taken_out_leaves_no_trace() -> None:
    tally = tally_of(negative(1), negative(2))
    tally.counted(WHOLE).add("negative", -0.9, -1)
    tally.drop("a0001")
    assert tally == tally_of(negative(2))
