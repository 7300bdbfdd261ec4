import pytest

from benchmarks.driving import Metronome, waits_ms


class Time:
    """A clock that goes on only by sleeping, or by being pushed."""

    def __init__(self) -> None:
        self.now = 100.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


def test_moments_are_equally_far_apart(time: Time):
    metronome = Metronome(4.0, time.clock, time.sleep)
    assert [metronome.wait() for _ in range(3)] == [100.0, 100.25, 100.5]
    assert time.now == 100.5


def test_who_was_late_catches_up_and_does_not_hide_it(time: Time):
    metronome = Metronome(4.0, time.clock, time.sleep)
    metronome.wait()
    time.now += 0.6
    assert metronome.wait() == 100.25
    assert metronome.wait() == 100.5
    assert time.now == 100.6
    assert metronome.wait() == 100.75
    assert time.now == 100.75


def test_a_wait_runs_from_when_a_message_was_due():
    due_at = {"a": 10.0, "b": 11.0, "never": 12.0}
    arrived_at = {"b": 11.5, "a": 10.02, "another": 13.0}
    assert waits_ms(due_at, arrived_at) == pytest.approx([20.0, 500.0])
