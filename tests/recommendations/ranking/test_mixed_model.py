"""Two models of what follows as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.recommendations.ranking.mixed_model import mixed

SCORES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 5))


def test_each_model_counts_by_its_part_whatever_its_scale() -> None:
    both = mixed({"a": 30.0, "b": 10.0}, {"b": 0.2, "c": 0.2}, part=0.8)
    assert both == pytest.approx({"a": 0.15, "b": 0.45, "c": 0.4})


def test_where_one_model_says_nothing_the_other_does() -> None:
    assert mixed({}, {"a": 0.5}, 0.2) == {"a": 1.0}
    assert mixed({"a": 2.0, "b": -1.0}, {}, 0.8) == {"a": 1.0}


@given(SCORES, SCORES, st.floats(0, 1))
def test_the_mixture_is_a_distribution_between_both(
    items: dict[str, float], sequence: dict[str, float], part: float
) -> None:
    both = mixed(items, sequence, part)
    assert sum(both.values()) == pytest.approx(1.0 if items or sequence else 0.0)
    assert both.keys() == items.keys() | sequence.keys()
