from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.rows.numbers import as_number, as_price, is_no_value


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("12.50", 12.5),
        ("€39,90", 39.9),
        ("39,90 €", 39.9),
        ("1.299,00 EUR", 1299.0),
        ("$1,299.00", 1299.0),
        ("$1,299", 1299.0),
        ("1,234,567", 1234567.0),
        ("CHF 1'200.50", 1200.5),
        ("1 200,5", 1200.5),
        ("0,5", 0.5),
        ("1e3", 1000.0),
        ("-7", -7.0),
        ("12.500", 12.5),
        ("¥2500", 2500.0),
        ("US$ 1,299", 1299.0),
        ("1.299 €", 1299.0),
        ("Rp 1.299.000", 1299000.0),
        ("KWD 12.500", 12.5),
        ("₹1,29,999.00", 129999.0),
        ("₹1,29,999", 129999.0),
        ("USD $39.90", 39.9),
        ("￥39.90", 39.9),
        ("$.99", 0.99),
        ("99¢", 0.99),
        ("CHF 39.–", 39.0),
        ("39,- €", 39.0),
        ("399:-", 399.0),
        ("39€90", 39.9),
        ("1 990 руб.", 1990.0),
        ("39,90 € inkl. MwSt.", 39.9),
        ("from $39.90", 39.9),
        ("39.90 €/Stk", 39.9),
        ("٣٩٫٩٠", 39.9),
        ("$12.99 - $15.99", 12.99),
        ("39.90 - 49.90 €", 39.9),
        ("1.299–1.499 €", 1299.0),
        ("CHF 10 to CHF 20", 10.0),
    ],
)
def test_prices_are_read_as_shops_write_them(written: str, number: float) -> None:
    assert as_number(written) == pytest.approx(number)


@pytest.mark.parametrize(
    "written",
    ["cheap", "", "12-13", "1,2,3", "€", "12 pieces", "€ 20 - € 10", "$1 - $2 - $3", "$-", "free"],
)
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(RecordRejected, match="is no number"):
        as_number(written)


@given(st.floats(0, 1e9, allow_nan=False))
def test_a_number_that_python_writes_is_read_as_it_is(number: float) -> None:
    assert as_number(repr(number)) == number


def test_there_are_words_for_nothing() -> None:
    assert all(map(is_no_value, ["", " NaN", "null", "N/A", "-"]))
    assert not is_no_value("0")


@pytest.mark.parametrize(
    ("text", "price"),
    [("3.50 - 4.25", 3.5), ("75p", 0.75), ("40 ct", 0.4), ("Free", 0.0), ("€7", 7.0), ("8", 8.0)],
)
def test_of_prices_a_range_and_parts_of_hundred_are_read(text: str, price: float) -> None:
    assert as_price(text) == price


@pytest.mark.parametrize("text", ["4.25 - 3.50", "on request", "1 - 2 - 3", ""])
def test_what_is_no_price_is_refused(text: str) -> None:
    with pytest.raises(RecordRejected, match="no number"):
        as_price(text)
