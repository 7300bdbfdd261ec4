"""Entity-level figures, as conlleval counts."""

import numpy as np
import pytest

from pipelines.entities.metrics import f1_of_texts, measure_spans
from textwire.models.engines.entity_spans import Span

A, B, C = Span(0, 3, "ORG"), Span(5, 9, "PER"), Span(10, 12, "ORG")


def test_an_entity_counts_if_both_ends_and_its_kind_are_right() -> None:
    found = measure_spans([[A, Span(5, 9, "ORG"), Span(10, 11, "ORG")]], [[A, B, C]])
    assert found["precision"] == found["recall"] == pytest.approx(1 / 3)
    assert found["macro_f1"] == pytest.approx((2 / 5 + 0) / 2)


def test_what_is_told_of_a_text_without_entities_costs_precision() -> None:
    found = measure_spans([[A], [B]], [[A], []])
    assert (found["precision"], found["recall"], found["f1"]) == pytest.approx((0.5, 1.0, 2 / 3))


def test_a_text_without_entities_of_which_none_is_told_is_right() -> None:
    assert np.array_equal(f1_of_texts([[], [A], [A]], [[], [], [A]]), [1.0, 0.0, 1.0])
