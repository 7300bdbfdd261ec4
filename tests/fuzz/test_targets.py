"""Every target with a fixed few inputs; `make fuzz` gives them a million."""

from __future__ import annotations

import pytest

from tests.fuzz.running import try_many
from tests.fuzz.target import Target
from tests.fuzz.targets import ALL
from textwire.errors import DataFileError

INPUTS = 60
SEED = 1


@pytest.mark.parametrize("target", ALL, ids=lambda target: target.name)
def test_whatever_is_read_is_taken_or_refused_with_the_error_that_is_promised(
    target: Target,
) -> None:
    tried = try_many(target, INPUTS, SEED)

    assert not tried.failure
    assert tried.inputs >= INPUTS


def test_a_promise_that_is_broken_is_found_and_told_with_the_input() -> None:
    from hypothesis import strategies as st

    target = Target("broken", st.integers(0, 50), lambda number: 1 / (number - 7), (DataFileError,))

    assert "ZeroDivisionError" in try_many(target, 200, SEED).failure
