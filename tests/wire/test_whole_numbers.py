from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.wire.whole_numbers import MOST, whole_number


@given(st.integers(0, MOST))
def test_a_number_that_was_written_is_read(number: int) -> None:
    assert whole_number(str(number)) == whole_number(str(number).encode()) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", " 1", "1\n", "1_000", "1.0", "٣", "²", str(MOST + 1), "9" * 5_000, "x"]
)
def test_whatever_else_stands_there_is_none(text: str) -> None:
    assert whole_number(text) is None
    assert whole_number(text.encode()) is None


def test_a_number_beyond_a_bound_is_none() -> None:
    assert (whole_number("19", most=19), whole_number("20", most=19)) == (19, None)
