from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import BrokerUnavailable, Unavailable
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.settings import StreamSettings
from textwire.stream.retrying import Retrying, Stopped, WatchedRetrying


class Flaky:
    """Away for its first calls."""

    def __init__(self, failures: int) -> None:
        self.failures_left = failures

    def __call__(self) -> str:
        if self.failures_left:
            self.failures_left -= 1
            raise BrokerUnavailable("away")
        return "done"


def waits_of(failures: int, first_s: float, longest_s: float) -> list[float]:
    waits: list[float] = []
    retrying = Retrying(first_s, longest_s, waits.append, lambda failure: None)
    assert retrying(Flaky(failures)) == "done"
    return waits


@given(st.integers(0, 30), st.floats(0.001, 2), st.floats(0.001, 10))
def test_waits_grow_twofold_at_most_and_never_past_the_longest(
    failures: int, first_s: float, longest_s: float
) -> None:
    waits = waits_of(failures, first_s, longest_s)
    assert len(waits) == failures
    for number, wait_s in enumerate(waits):
        assert 0 <= wait_s <= min(longest_s, first_s * 2**number)


def test_waits_are_spread_over_their_whole_length() -> None:
    waits = [wait_s for _ in range(40) for wait_s in waits_of(10, 1.0, 1.0)]
    assert min(waits) < 0.1
    assert max(waits) > 0.9


def test_two_replicas_do_not_wait_in_step() -> None:
    assert waits_of(5, 1.0, 5.0) != waits_of(5, 1.0, 5.0)


def test_waiting_ends_when_stopped() -> None:
    def sleep(seconds: float) -> None:
        raise Stopped

    flaky = Flaky(5)
    with pytest.raises(Stopped):
        Retrying(0.1, 1.0, sleep, lambda failure: None)(flaky)
    assert flaky.failures_left == 4


def test_what_is_not_away_is_not_tried_again() -> None:
    calls = []

    def wrong() -> None:
        calls.append(1)
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        Retrying(0.1, 1.0, lambda seconds: None, lambda failure: None)(wrong)
    assert len(calls) == 1


def test_every_failure_is_told() -> None:
    told: list[Unavailable] = []
    Retrying(0.1, 1.0, lambda seconds: None, told.append)(Flaky(3))
    assert [str(failure) for failure in told] == ["away"] * 3


class Watched:
    """A WatchedRetrying, and the readiness in each of its waits."""

    def __init__(self, condition: str = "store") -> None:
        self.metrics = ServiceMetrics("service", 0, Health())
        self.reasons: list[str] = []
        self.retrying = WatchedRetrying(condition, self.sleep, StreamSettings(), self.metrics)

    def sleep(self, seconds: float) -> None:
        self.reasons.append(self.metrics.health.reason)


def test_readiness_lacks_the_condition_while_tries_fail() -> None:
    watched = Watched()
    watched.retrying(Flaky(2))
    assert watched.reasons == ["store: away", "store: away"]
    assert watched.metrics.health.ready


def test_failed_tries_are_counted() -> None:
    watched = Watched()
    watched.retrying(Flaky(3))
    assert watched.metrics.report("model").retries == 3


def test_success_says_nothing_of_what_another_part_lacks() -> None:
    watched = Watched("poll")
    watched.metrics.health.unmet("publish", "away")
    watched.retrying(Flaky(0))
    assert watched.metrics.health.reason == "publish: away"


def test_what_nobody_waits_for_any_more_is_not_lacking() -> None:
    def stop(seconds: float) -> None:
        raise Stopped

    health = Health()
    metrics = ServiceMetrics("service", 0, health)
    with pytest.raises(Stopped):
        WatchedRetrying("store", stop, StreamSettings(), metrics)(Flaky(5))
    assert health.ready
