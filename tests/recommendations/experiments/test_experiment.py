from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import Refused
from textwire.recommendations.experiments.experiment import Experiment
from textwire.recommendations.experiments.stored import (
    KEPT_EXPERIMENTS,
    read_experiment,
    read_experiments,
    start,
    stop,
)
from textwire.recommendations.messages import ScoreRequest
from textwire.results.memory import MemoryResults

AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
USERS = [f"user-{number}" for number in range(4_000)]


def experiment(name: str = "e1", **changes: object) -> Experiment:
    fields = {"name": name, "a": "v1", "b": "v2", "started_at": AT, **changes}
    return msgspec.convert(fields, Experiment)


@given(st.text(max_size=50), st.floats(0.01, 0.99))
def test_a_user_is_always_of_the_same_arm(user: str, share: float) -> None:
    one = experiment(share=share)
    again = msgspec.json.decode(msgspec.json.encode(one), type=Experiment)
    assert one.arm_of(user) == again.arm_of(user)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_as_many_are_of_b_as_was_said(share: float) -> None:
    one = experiment(share=share)
    of_b = sum(one.arm_of(user) == "b" for user in USERS) / len(USERS)
    assert of_b == pytest.approx(share, abs=4 * (share * (1 - share) / len(USERS)) ** 0.5)


def test_the_arms_of_two_experiments_have_nothing_to_do_with_each_other() -> None:
    first, second = experiment("e1"), experiment("e2")
    both = sum(first.arm_of(user) == second.arm_of(user) for user in USERS) / len(USERS)
    assert both == pytest.approx(0.5, abs=0.04)


def test_a_request_of_another_experiment_and_a_trial_are_left_alone() -> None:
    one = experiment()
    assert one.takes_in(ScoreRequest(user_id="u"))
    assert one.takes_in(ScoreRequest(user_id="u", experiment="e1"))
    assert not one.takes_in(ScoreRequest(user_id="u", experiment="frontpage"))
    assert not one.takes_in(ScoreRequest(user_id="u", mode="trending"))
    assert not one.takes_in(ScoreRequest(user_id="u", trade_off=1.0))


def test_one_runs_at_a_time_and_a_name_is_used_once() -> None:
    store = MemoryResults()
    start(store, experiment("e1"))
    with pytest.raises(Refused, match="e1 runs"):
        start(store, experiment("e2"))
    assert [one for one in read_experiments(store) if one.runs] == [experiment("e1")]
    stopped = stop(store, "e1", AT)
    assert not stopped.runs
    assert not any(one.runs for one in read_experiments(store))
    with pytest.raises(Refused, match="Choose another name"):
        start(store, experiment("e1"))
    with pytest.raises(Refused, match="two different versions"):
        start(store, experiment("e2", b="v1"))
    start(store, experiment("e2"))
    assert [one.name for one in read_experiments(store)] == ["e2", "e1"]
    with pytest.raises(Refused, match="There is no experiment ghost"):
        read_experiment(store, "ghost")


def test_so_many_are_remembered_and_no_more() -> None:
    store = MemoryResults()
    for number in range(KEPT_EXPERIMENTS + 5):
        at = AT.replace(second=number)
        start(store, experiment(f"e{number}", started_at=at))
        stop(store, f"e{number}", at)
    assert len(read_experiments(store)) == KEPT_EXPERIMENTS
