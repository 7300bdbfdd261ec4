from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.exposures import Exposing, read_exposed
from textwire.recommendations.experiments.figures import FEWEST_USERS, Figures, read_figures
from textwire.recommendations.experiments.outcomes import Crediting, read_outcomes
from textwire.recommendations.messages import BehaviourEvent, ScoredItem, ScoredList
from textwire.results.memory import MemoryResults

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
ITEMS = tuple("abcdefgh")


def a_list(user: str, arm: str, list_id: str) -> ScoredList:
    scores = tuple(
        ScoredItem(item_id=one, rank=rank, score=0.1, parts={}, reason="")
        for rank, one in enumerate(ITEMS, 1)
    )
    return ScoredList(
        user_id=user,
        scores=scores,
        model="m",
        scored_at=AT,
        list_id=list_id,
        experiment="e",
        arm=arm,
    )


def told(
    mode: str, clicked: dict[str, list[str]], arms: dict[str, str], picks_b: str = ""
) -> Figures:
    """What becomes of clicks on one list of each user."""
    store = MemoryResults()
    experiment = Experiment(name="e", a="v1", b="v2", started_at=AT, mode=mode)
    exposing = Exposing({})
    for user, arm in arms.items():
        store.write(exposing.shown(a_list(user, arm, f"l-{user}"), picks_b))
    users = list(arms)
    crediting = Crediting(read_exposed(store, users), read_outcomes(store, users), [experiment])
    for user, items in clicked.items():
        for item in items:
            at = AT + timedelta(minutes=1)
            event = BehaviourEvent(user_id=user, kind="click", item_id=item, at=at)
            store.write(crediting.writes(event))
    return read_figures(store, experiment)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.sets(st.sampled_from(ITEMS)), min_size=120, max_size=160), st.randoms())
def test_sums_kept_click_by_click_are_those_of_all_users_at_once(
    clicked: list[set[str]], chance: random.Random
) -> None:
    users = [f"u{number}" for number in range(len(clicked))]
    arms = {user: "ab"[place % 2] for place, user in enumerate(users)}
    taken = {user: sorted(items) for user, items in zip(users, clicked, strict=True)}
    figures = told("split", taken, arms)
    numbers = {
        arm: np.array([len(taken[user]) for user in users if arms[user] == arm]) for arm in "ab"
    }
    a_user = next(one for one in figures.findings if one.name == "Clicks a user")
    assert a_user.a == pytest.approx(numbers["a"].mean())
    assert a_user.b == pytest.approx(numbers["b"].mean())
    share = next(one for one in figures.findings if one.name == "Users who clicked")
    assert share.b == pytest.approx((numbers["b"] > 0).mean())
    spread = sum(of.var(ddof=1) / len(of) for of in numbers.values())
    if spread > 0:
        assert a_user.verdict is not None
        assert a_user.verdict.difference == pytest.approx(a_user.b - a_user.a)


def test_nothing_is_said_of_few_users() -> None:
    arms = {f"u{number}": "ab"[number % 2] for number in range(2 * FEWEST_USERS - 2)}
    figures = told("split", {user: ["a"] for user in list(arms)[:20]}, arms)
    assert {finding.verdict for finding in figures.findings} == {None}
    assert figures.arms["a"].users == FEWEST_USERS - 1


def test_interleaved_clicks_are_of_whose_pick_they_were() -> None:
    arms = {f"u{number}": "interleaved" for number in range(200)}
    taken = {user: ["b"] if place % 4 else ["a"] for place, user in enumerate(arms)}
    (clicks, purchases) = told("interleaved", taken, arms, picks_b="bdfh").findings
    assert (clicks.a, clicks.b) == (0.25, 0.75)
    assert clicks.verdict is not None
    assert clicks.verdict.is_significant
    assert clicks.verdict.low > 0
    assert purchases.verdict is None


def test_what_is_remembered_of_a_user_is_bounded() -> None:
    store = MemoryResults()
    exposing = Exposing({})
    for number in range(100):
        store.write(exposing.shown(a_list("u", "a", f"l{number}")))
    exposed = read_exposed(store, ["u"])["u"]
    assert len(exposed.lists) == 20
    assert exposed.met == ("e",)
