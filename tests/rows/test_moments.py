from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.rows.moments import as_moment

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
