"""A batch divided among models: an event counts once, a list is made by those of its plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from services.recommendations.division import Division
from services.recommendations.experimenting import Plan, Serving
from textwire.recommendations.messages import BehaviourEvent, ScoreRequest


class TwoModels:
    """Users of `a…` are at home with model a, and so on; both make lists of `both`."""

    def home_of(self, user_id: str) -> str:
        return "b" if user_id.startswith("b") else "a"

    def plan_of(self, request: ScoreRequest) -> Plan:
        return Plan(("a", "b") if request.context == "both" else (self.home_of(request.user_id),))


def divided(*messages: BehaviourEvent | ScoreRequest) -> Division:
    return Division.of(cast(Serving, cast(Any, TwoModels())), messages)


def click(user_id: str) -> BehaviourEvent:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return BehaviourEvent(user_id=user_id, kind="click", item_id="i", at=at)


def test_each_user_is_gone_through_by_the_model_they_are_at_home_with() -> None:
    division = divided(click("anna"), click("ben"), ScoreRequest(user_id="anna"))
    assert division.versions == ["a", "b"]
    assert (division.places_of("a"), division.places_of("b")) == ([0, 2], [1])


def test_who_asks_both_models_is_read_by_both_and_what_they_did_counts_once() -> None:
    division = divided(click("anna"), ScoreRequest(user_id="anna", context="both"), click("ben"))
    assert (division.places_of("a"), division.places_of("b")) == ([0, 1], [0, 1, 2])
    assert [division.counts(0, version) for version in "ab"] == [True, False]
    assert [division.counts(1, version) for version in "ab"] == [True, True]
    assert [division.counts(2, version) for version in "ab"] == [False, True]
