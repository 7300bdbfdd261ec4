from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from dashboards.support_qa.analytics_view import SPANS, analytics, wilson
from textwire.support_qa.analytics_results import HourCounts

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def hours(count: int, **counted: object) -> list[HourCounts]:
    return [HourCounts(begins=NOON + timedelta(hours=n), **counted) for n in range(count)]  # type: ignore[arg-type]


@pytest.mark.parametrize("span", SPANS)
def test_steps_hold_every_message_once(span) -> None:
    seen = analytics(hours(span.hours, outcomes={"answered": 2}), span.step_hours)
    assert len(seen.steps) == span.hours // span.step_hours
    assert sum(step.outcomes["answered"] for step in seen.steps) == 2 * span.hours
    assert seen.messages == 2 * span.hours


def test_calibration_compares_what_was_said_with_what_was_found_helpful() -> None:
    seen = analytics(hours(2, right={9: 3}, wrong={9: 1, 5: 1}, sure={9: 3.8, 5: 0.5}), 1)
    low, high = seen.calibration
    assert (low.judged, low.sure, low.right) == (2, 0.5, 0.0)
    assert (high.judged, high.sure, high.right) == (8, 0.95, 0.75)
    assert seen.calibration_error == pytest.approx((2 * 0.5 + 8 * 0.2) / 10)
    assert seen.helpful == pytest.approx(0.6)


def test_of_nothing_nothing_is_said() -> None:
    seen = analytics(hours(3), 1)
    assert (seen.coverage, seen.helpful, seen.calibration_error) == (None, None, None)


@given(right=integers(0, 50), wrong=integers(0, 50))
def test_the_interval_holds_the_share(right, wrong) -> None:
    if right + wrong:
        share = right / (right + wrong)
        low, high = wilson(share, right + wrong)
        assert 0 <= low <= share + 1e-9
        assert share - 1e-9 <= high <= 1
