from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis.strategies import floats

from textwire.results.memory import MemoryResults
from textwire.support_qa.analytics_results import (
    KEPT_HOURS,
    KEPT_S,
    answer_count_writes,
    coverage,
    judged_count_writes,
    read_hours,
    tenth,
)
from textwire.support_qa.messages import Answer

NOON = datetime(2026, 3, 2, 12, 30, tzinfo=UTC)


def answer(outcome: str = "answered", confidence: float = 0.84, **fields: object) -> Answer:
    made = {
        "question_id": "q", "session_id": "s", "outcome": outcome, "text": "t",
        "confidence": confidence, "sources": (), "model": "m", "answered_at": NOON,
    }  # fmt: skip
    return Answer(**(made | fields))  # type: ignore[arg-type]


def test_each_hour_counts_what_came_of_its_messages() -> None:
    store = MemoryResults()
    earlier = NOON - timedelta(hours=1)
    for one in (
        answer(),
        answer("acknowledged", 0.0),
        answer("handed_over", 0.1, handoff_reason="low_confidence"),
        answer("handed_over", 0.0, handoff_reason="customer_asked"),
        answer(answered_at=earlier),
    ):
        store.write(answer_count_writes(one))
    before, last = read_hours(store, NOON, 2)
    assert before.outcomes == {"answered": 1}
    assert last.outcomes == {"answered": 1, "acknowledged": 1, "handed_over": 2}
    assert last.reasons == {"low_confidence": 1, "customer_asked": 1}
    assert last.confidences == {8: 1, 1: 1}
    assert coverage([before, last]) == pytest.approx(2 / 3)


def test_a_judgement_counts_in_the_hour_of_its_answer_until_it_is_taken_back() -> None:
    store = MemoryResults()
    store.write(
        [*judged_count_writes(answer(), "helpful"), *judged_count_writes(answer(), "unhelpful")]
    )
    (hour,) = read_hours(store, NOON, 1)
    assert (hour.right, hour.wrong, hour.sure) == ({8: 1}, {8: 1}, {8: pytest.approx(1.68)})
    store.write(judged_count_writes(answer(), "unhelpful", -1))
    (hour,) = read_hours(store, NOON, 1)
    assert (hour.right[8], hour.wrong[8], hour.sure[8]) == (1, 0, pytest.approx(0.84))


def test_only_answers_are_judged() -> None:
    assert judged_count_writes(answer("asked_back"), "unhelpful") == []


def test_every_counter_goes_by_itself_and_no_more_hours_are_read_than_are_kept() -> None:
    writes = [*answer_count_writes(answer()), *judged_count_writes(answer(), "helpful")]
    assert {write.ttl_s for write in writes} == {KEPT_S}  # type: ignore[union-attr]
    assert len(read_hours(MemoryResults(), NOON, 10**6)) == KEPT_HOURS


@given(floats(0, 1))
def test_every_confidence_has_a_tenth(confidence) -> None:
    assert 0 <= tenth(confidence) <= 9
    assert tenth(confidence) <= confidence * 10 + 1e-9
