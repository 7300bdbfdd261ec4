from __future__ import annotations

from threading import Event, Thread

import pytest

from tests.observing.test_stages import Clock
from textwire.observing.liveness import DEATHS_KEPT, Liveness, Pulse


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def liveness(clock: Clock) -> Liveness:
    return Liveness(clock)


def test_a_part_that_is_busy_for_too_long_without_a_sign_hangs(
    liveness: Liveness, clock: Clock
) -> None:
    pulse = liveness.pulse("worker of support-qa", 120)
    pulse.busy("one batch")
    clock.now_s += 120
    assert liveness.hung == []
    clock.now_s += 10
    assert liveness.hung == ["worker of support-qa: one batch for 130 s"]


def test_each_sign_gives_it_its_time_again(liveness: Liveness, clock: Clock) -> None:
    pulse = liveness.pulse("table", 60)
    for _ in range(10):
        pulse.busy()
        clock.now_s += 50
        assert liveness.hung == []
    clock.now_s += 50
    assert liveness.hung == ["table: no sign of life for 100 s"]


def test_what_waits_for_work_or_has_ended_may_do_so_for_ever(
    liveness: Liveness, clock: Clock
) -> None:
    waiting, ended = liveness.pulse("worker", 60), liveness.pulse("reporter", 60)
    for pulse in (waiting, ended):
        pulse.busy()
    waiting.idle()
    ended.ended()
    clock.now_s += 1_000_000
    assert liveness.hung == []


def test_a_part_that_never_began_does_not_hang(liveness: Liveness, clock: Clock) -> None:
    liveness.pulse("worker", 60)
    clock.now_s += 1_000
    assert liveness.hung == []


@pytest.mark.parametrize("last_sign", [Pulse.busy, Pulse.idle])
def test_a_thread_that_is_gone_without_having_ended_is_told(
    liveness: Liveness, last_sign: object
) -> None:
    pulse = liveness.pulse("worker", 60)
    run(lambda: last_sign(pulse))
    assert liveness.hung == ["worker: its thread has died"]


def test_a_thread_that_ended_as_it_was_told_to_is_not_missed(liveness: Liveness) -> None:
    pulse = liveness.pulse("worker", 60)
    run(lambda: (pulse.busy(), pulse.ended()))
    assert liveness.hung == []


def test_the_threads_that_hang_can_be_looked_at(liveness: Liveness, clock: Clock) -> None:
    began, release = Event(), Event()
    pulse = liveness.pulse("worker", 60)
    other = liveness.pulse("poller", 60)
    other.idle()

    def hang() -> None:
        pulse.busy()
        began.set()
        assert release.wait(10)

    hanging = Thread(target=hang, name="the one that hangs")
    hanging.start()
    assert began.wait(10)
    clock.now_s += 61
    assert liveness.hung_threads == [hanging]
    release.set()
    hanging.join()


def test_deaths_are_told_and_bounded(liveness: Liveness) -> None:
    for number in range(DEATHS_KEPT + 3):
        liveness.died(f"thread {number}", "KeyError: 'x'")
    assert len(liveness.hung) == DEATHS_KEPT
    assert liveness.hung[-1] == f"thread {DEATHS_KEPT + 2}: died of KeyError: 'x'"


def run(target: object) -> None:
    thread = Thread(target=target)
    thread.start()
    thread.join()
