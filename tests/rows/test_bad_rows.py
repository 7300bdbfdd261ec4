from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import DataFileError
from textwire.rows.bad_rows import NAMED_PLACES, NAMED_REASONS, BadRows, Place

FILE, OTHER = Path("items.csv"), Path("more.csv")


def test_one_row_is_named_with_its_line_and_its_reason() -> None:
    rows = BadRows()
    rows.add(Place(FILE, 7), "`price` is no number: 'cheap'")
    assert str(rows) == "  items.csv, line 7: `price` is no number: 'cheap'"


def test_rows_that_differ_only_in_what_they_hold_are_one_reason() -> None:
    rows = BadRows()
    rows.add(Place(FILE, 7), "`price` is no number: 'cheap'")
    rows.add(Place(FILE, 9), "`price` is no number: 'dear'")
    rows.add(Place(OTHER, 2), "`price` is no number: 'free'")
    assert str(rows) == (
        "  3 rows: `price` is no number: 'cheap'\n    items.csv, line 7; line 9; more.csv, line 2"
    )


def test_a_place_may_be_said_in_other_words_than_by_its_line() -> None:
    assert str(Place(FILE, 7, "sheet Prices, row 3")) == "items.csv, sheet Prices, row 3"


def test_the_most_frequent_reasons_are_named_and_the_rest_counted() -> None:
    rows = BadRows()
    for number in range(NAMED_REASONS + 2):
        reason = f"column {chr(97 + number)} is missing"
        for line in range(NAMED_REASONS + 2 - number):
            rows.add(Place(FILE, line + 1), reason)
    told = str(rows).splitlines()
    assert told[0] == f"  {NAMED_REASONS + 2} rows: column a is missing"
    assert told[1].endswith(f"line {NAMED_PLACES}; and {NAMED_REASONS + 2 - NAMED_PLACES} more")
    assert told[-1] == "  and 3 more, for 2 other reasons"


def test_where_there_are_none_nothing_is_refused_and_else_nothing_is_sent() -> None:
    rows = BadRows()
    rows.refuse()
    rows.add(Place(FILE, 1), "broken")
    with pytest.raises(DataFileError, match=r"1 row cannot be used(.|\n)*--skip-bad"):
        rows.refuse()
    rows.add(Place(FILE, 2), "broken")
    with pytest.raises(DataFileError, match="2 rows cannot be used"):
        rows.refuse()


@given(st.lists(st.tuples(st.text(max_size=9), st.integers(1, 99)), max_size=40))
def test_every_row_is_counted_whatever_its_reason(added: list[tuple[str, int]]) -> None:
    rows = BadRows()
    for reason, line in added:
        rows.add(Place(FILE, line), reason)
    assert rows.count == len(added)
    assert bool(str(rows)) == bool(added)


def test_the_memory_of_reasons_stays_small() -> None:
    rows = BadRows()
    for number in range(3_000):
        rows.add(Place(FILE, number), "".join(chr(97 + int(d)) for d in str(number)))
    assert rows.count == 3_000
    assert "for other reasons" in str(rows)
