from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic

import pytest
import structlog

from tests.observing.test_stages import Clock
from tests.stream.loops import eventually
from textwire.errors import RedisUnavailable
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness
from textwire.observing.periodic_task import STOPPED_WITHIN_S, PeriodicTask


class Action:
    """Fails with what it is given, or succeeds."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1
        if self.error is not None:
            raise self.error


@pytest.fixture
def health() -> Health:
    return Health()


@contextmanager
def looking(action: Callable[[], None], health: Health, **options: object) -> Iterator[None]:
    task = PeriodicTask("redis", action, 0.001, health, **options)
    task.start()
    try:
        yield
    finally:
        task.stop()


def test_it_looks_again_and_again(health: Health) -> None:
    action = Action()
    with looking(action, health):
        eventually(lambda: action.calls > 3)
    assert health.conditions == []


def test_what_is_needed_leaves_the_service_unready_until_it_succeeded_once(health: Health) -> None:
    release = Event()
    with looking(lambda: assert_set(release), health, needed=True):
        assert health.reason == "redis: starting"
        release.set()
        eventually(lambda: health.ready)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (RedisUnavailable("Redis does not answer"), "redis: Redis does not answer"),
        (KeyError("x"), "redis: unexpected KeyError: 'x'; the log says where"),
        (OSError(24, "Too many open files"), "redis: unexpected OSError: [Errno 24] Too many"),
    ],
)
def test_whatever_fails_is_told_until_it_succeeds_again(
    error: Exception, told: str, health: Health
) -> None:
    action = Action(error)
    with looking(action, health, needed=True):
        eventually(lambda: health.reason.startswith(told))
        action.error = None
        eventually(lambda: health.conditions == [])


def test_what_can_be_done_without_is_warned_of(health: Health) -> None:
    action = Action(RedisUnavailable("Redis does not answer"))
    with looking(action, health):
        eventually(lambda: health.warnings == "redis: Redis does not answer")
        assert health.ready
        action.error = None
        eventually(lambda: health.conditions == [])


def test_what_is_away_is_a_line_in_the_log_and_what_is_unexpected_has_its_traceback(
    health: Health,
) -> None:
    with structlog.testing.capture_logs() as lines:
        for error in (RedisUnavailable("away"), KeyError("x")):
            action = Action(error)
            with looking(action, health):
                eventually(lambda action=action: action.calls > 0 and health.warnings != "")
    assert [line["log_level"] for line in lines[:1]] == ["warning"]
    assert lines[0]["reason"] == "away"
    assert any(line.get("exc_info") for line in lines)


def test_a_look_that_takes_too_long_is_told_as_hanging(health: Health) -> None:
    clock, began, release = Clock(), Event(), Event()
    liveness = Liveness(clock)

    def hang() -> None:
        began.set()
        assert_set(release)

    with looking(hang, health, liveness=liveness, hung_after_s=60):
        assert_set(began)
        clock.now_s += 61
        assert liveness.hung == ["redis: one look for 61 s"]
        release.set()
        eventually(lambda: liveness.hung == [])
    assert liveness.hung == []


def test_a_task_that_was_stopped_is_not_missed(health: Health) -> None:
    liveness, action = Liveness(), Action()
    with looking(action, health, liveness=liveness):
        eventually(lambda: action.calls > 0)
    assert liveness.hung == []


def test_stopping_does_not_wait_for_a_look_that_hangs(health: Health) -> None:
    began, release = Event(), Event()

    def hang() -> None:
        began.set()
        assert_set(release)

    began_s = monotonic()
    with looking(hang, health):
        assert_set(began)
    assert monotonic() - began_s < STOPPED_WITHIN_S + 1
    release.set()


def test_last_of_all_it_does_what_it_was_told_to_do_at_the_end(health: Health) -> None:
    done: list[str] = []
    with looking(lambda: done.append("look"), health, at_end=lambda: done.append("end")):
        eventually(lambda: bool(done))
    assert done[-1] == "end"
    assert set(done[:-1]) == {"look"}


def test_one_that_was_never_started_can_be_stopped(health: Health) -> None:
    PeriodicTask("redis", Action(), 1.0, health).stop()


def assert_set(event: Event) -> None:
    assert event.wait(10)
