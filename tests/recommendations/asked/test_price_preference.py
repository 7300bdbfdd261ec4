"""Wishes of prices that are no limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.asked.price_preference import towards_price
from textwire.recommendations.asked.price_wish import NO_WISH, PriceWish
from textwire.recommendations.messages import Item
from textwire.recommendations.ranking.prior import ASKED_TEMPERATURE, NAMED


def priced_at(*prices: float | None) -> list[Item]:
    return [Item(id=str(n), title="A", price=price) for n, price in enumerate(prices)]


def test_half_and_twice_the_price_cost_as_much_as_another_name() -> None:
    scores = np.full(3, 0.5, dtype=np.float32)
    after = towards_price(PriceWish(near=100.0), priced_at(50, 100, 200), scores)
    assert after.tolist() == pytest.approx(
        [0.5 * np.exp(-NAMED / ASKED_TEMPERATURE), 0.5, 0.5 * np.exp(-NAMED / ASKED_TEMPERATURE)]
    )


def test_cheap_puts_down_what_is_dearer_than_the_like_and_lifts_nothing() -> None:
    scores = np.array([0.4, 0.4, 0.001], dtype=np.float32)
    after = towards_price(PriceWish(cheap=True), priced_at(39, 249, 2), scores)
    assert after[0] == pytest.approx(0.4)
    assert after[1] < 0.1 * after[0]
    assert after[2] == pytest.approx(0.001)


@given(
    st.lists(st.tuples(st.none() | st.floats(0.0, 1e6), st.floats(0.0, 1.0)), max_size=6),
    st.sampled_from([NO_WISH, PriceWish(near=20.0), PriceWish(cheap=True), PriceWish(most=5.0)]),
)
def test_no_score_rises_and_what_has_no_price_keeps_its_own(
    rows: list[tuple[float | None, float]], wish: PriceWish
) -> None:
    items = priced_at(*(price for price, _ in rows))
    scores = np.array([score for _, score in rows], dtype=np.float32)
    after = towards_price(wish, items, scores)
    assert np.isfinite(after).all()
    assert (after <= scores * np.float32(1.00001)).all()
    assert all(a == s for a, s, i in zip(after, scores, items, strict=True) if not i.price)
