from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.rows.moments import as_moment, is_date

MORNING = datetime(2025, 11, 28, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_an_epoch_is_read_in_each_unit_that_programs_write(unit: int) -> None:
    assert as_moment(1_764_300_000 * unit) == MORNING
    assert as_moment(f"{1_764_300_000 * unit}") == MORNING


@pytest.mark.parametrize("endless", ["inf", "-Infinity", "nan", "1e400", 10**400, float("inf")])
def test_what_has_no_end_is_refused_and_not_waited_for(endless: object) -> None:
    with pytest.raises(RecordRejected, match="is no time"):
        as_moment(endless)


@given(st.floats() | st.integers() | st.text())
def test_whatever_is_given_is_a_moment_or_refused(value: object) -> None:
    with suppress(RecordRejected):
        assert as_moment(value).tzinfo is UTC


@pytest.mark.parametrize(
    "written",
    [
        "2025-11-28 03:20:00 +0000",
        "2025-11-27 22:20:00 -0500",
        "28.11.2025 03:20",
        "2025/11/28 3:20",
        "2025年11月28日 03:20",
        "28/11/2025 03:20:00",
        "11/28/2025 3:20 AM",
        "11/28/25, 3:20 am",
        "28/11/2025 3:20 am",
        "28 Nov 2025 03:20",
        "Nov 28, 2025 3:20 a.m.",
        "November 28th, 2025 at 03:20",
        "Fri, 28 Nov 2025 03:20:00 GMT",
        "Fri, 28 Nov 2025 04:20:00 +0100",
        "28-Nov-2025 03:20",
    ],
)
def test_a_moment_is_read_as_programs_write_it(written: str) -> None:
    assert as_moment(written) == MORNING


@pytest.mark.parametrize(
    "written",
    ["05/06/2025", "5-6-2025", "11/28/25", "31/02/2025", "28 Now 2025", "Ma 3, 2025", "13:00 PM"],
)
def test_what_may_be_two_days_or_none_is_refused(written: str) -> None:
    with pytest.raises(RecordRejected, match=r"is no time|may be two days"):
        as_moment(written)


def test_the_same_day_in_either_order_is_that_day() -> None:
    assert as_moment("05/05/2025") == datetime(2025, 5, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "day"),
    [("28 Nov 2025", True), ("28.11.2025", True), ("28 Nov 2025 03:20", False), ("soon", False)],
)
def test_a_day_is_told_from_a_moment(written: str, day: bool) -> None:
    assert is_date(written) is day
