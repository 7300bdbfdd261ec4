"""How fast models are beside each other, on a clock that the test turns."""

from collections.abc import Sequence
from itertools import chain, repeat

import pytest

from pipelines.measuring import speed
from pipelines.measuring.speed import TIMED_TEXTS, TURNS, TURNS_S, TimedReading


class Machine:
    """One that runs so many times slower, round by round, and then as usual."""

    def __init__(self, *slowed: float) -> None:
        self.now_s = 0.0
        self._slowed = chain(slowed, repeat(1.0))

    def perf_counter(self) -> float:
        return self.now_s

    def model(self, seconds: float) -> TimedReading:
        def read(texts: Sequence[str]) -> None:
            self.now_s += seconds * next(self._slowed)

        return TimedReading.of(read, ["a text"] * 1_000)


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch):
    def turned_on(machine: Machine) -> Machine:
        monkeypatch.setattr(speed, "time", machine)
        return machine

    return turned_on


def test_the_best_round_counts_and_few_texts_are_read(on) -> None:
    model = on(Machine(9.0, 1.0, 5.0)).model(0.5)
    assert model.texts_per_s() == pytest.approx(TIMED_TEXTS / 0.5)


@pytest.mark.parametrize("busy", [1, 2, 7])
def test_a_machine_that_is_busy_for_a_while_makes_no_model_slower_than_its_equal(
    on, busy: int
) -> None:
    machine = on(Machine(*[30.0] * busy))
    one, other = machine.model(0.5).texts_per_s_beside(machine.model(0.5))
    assert one == pytest.approx(other)


def test_a_machine_that_stays_busy_slows_both_alike(on) -> None:
    machine = on(Machine(*[30.0] * 100))
    one, other = machine.model(0.5).texts_per_s_beside(machine.model(0.25))
    assert one / other == pytest.approx(0.5)


def test_tiny_models_take_many_turns_and_large_ones_few(on) -> None:
    tiny = on(Machine())
    tiny.model(0.001).texts_per_s_beside(tiny.model(0.001))
    assert tiny.now_s == pytest.approx(2 * TURNS_S, rel=0.1)
    large = on(Machine())
    large.model(10.0).texts_per_s_beside(large.model(10.0))
    assert large.now_s == pytest.approx(2 * TURNS * 10.0)
