from __future__ import annotations

from threading import Event, Thread

import pytest

from tests.stream.loops import Bench, Echoing, eventually
from textwire.errors import SettingsError
from textwire.stream.loop.loop_group import LoopGroup

WITHIN_S = 5.0


class UntilStopped:
    """Runs until it is stopped, or ends early with an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.runs, self.stopped = Event(), Event()

    def run(self) -> None:
        self.runs.set()
        if self.error is not None:
            raise self.error
        assert self.stopped.wait(WITHIN_S)

    def stop(self) -> None:
        self.stopped.set()


def test_all_run_at_the_same_time_until_they_are_stopped() -> None:
    loops = [UntilStopped(), UntilStopped(), UntilStopped()]
    together = LoopGroup(loops)
    thread = Thread(target=together.run)
    thread.start()
    assert all(loop.runs.wait(WITHIN_S) for loop in loops)
    together.stop()
    thread.join(WITHIN_S)
    assert not thread.is_alive()


def test_when_one_fails_the_others_are_stopped_and_its_error_is_raised() -> None:
    well = UntilStopped()
    with pytest.raises(SettingsError, match="taken"):
        LoopGroup([well, UntilStopped(SettingsError("The replica number is taken."))]).run()
    assert well.stopped.is_set()


def test_a_loop_that_waits_for_a_slow_batch_does_not_hold_up_another() -> None:
    bench, release = Bench(), Event()
    slow = Bench()

    def wait_for_release(words: list[str]) -> None:
        assert release.wait(WITHIN_S)

    slow.write("slow")
    together = LoopGroup([slow.loop(Echoing(wait_for_release)), bench.loop(Echoing())])
    thread = Thread(target=together.run)
    thread.start()
    for word in ("one", "two", "three"):
        bench.write(word)
        eventually(bench.all_is_committed)
    assert not slow.all_is_committed()
    release.set()
    eventually(slow.all_is_committed)
    together.stop()
    thread.join(WITHIN_S)
    assert bench.echoes() == {"one": 1, "two": 1, "three": 1}
    assert slow.echoes() == {"slow": 1}
