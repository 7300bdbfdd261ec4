from __future__ import annotations

import subprocess
import sys

import pytest
import structlog

from tests.observing.test_stages import Clock
from textwire.observing.descriptors import Descriptors
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.watchdog import HUNG_STATUS, LOOK_EVERY_S, Watchdog
from textwire.wire.record import Partition

WORDS = Partition("words", 0)
END_AFTER_LOOKS = 5


class Kennel:
    """A watchdog, what it looks at, and whether it ended the process."""

    def __init__(self, end_after_s: float = END_AFTER_LOOKS * LOOK_EVERY_S) -> None:
        self.clock = Clock()
        self.health = Health()
        self.metrics = ServiceMetrics("echoing", 0, self.health, clock=self.clock)
        self.descriptors = Descriptors(40, 1_024)
        self.ends = 0
        self.dog = Watchdog(
            self.metrics,
            stalled_after_s=15,
            end_after_s=end_after_s,
            end=self._end,
            look_at_descriptors=lambda: self.descriptors,
        )

    def look(self) -> Health:
        self.dog.look()
        return self.health

    def _end(self) -> None:
        self.ends += 1


@pytest.fixture
def kennel() -> Kennel:
    return Kennel()


def test_where_all_is_well_there_is_nothing_to_tell(kennel: Kennel) -> None:
    assert kennel.look().conditions == []


def test_a_group_that_does_not_move_is_not_ready_until_it_does(kennel: Kennel) -> None:
    kennel.metrics.lags("echoing", {WORDS: 7})
    kennel.clock.now_s += 23
    assert kennel.look().reason == (
        "progress: 7 records wait on words/0, and none was committed for 23 s"
    )
    kennel.metrics.committed("echoing", [WORDS])
    assert kennel.look().ready


def test_too_few_file_descriptors_are_warned_of(kennel: Kennel) -> None:
    kennel.descriptors = Descriptors(1_000, 1_024)
    assert kennel.look().ready
    assert kennel.health.warnings.startswith("descriptors: 1,000 of 1,024")
    kennel.descriptors = Descriptors(40, 1_024)
    assert kennel.look().warnings == ""


def test_what_hangs_is_not_ready_and_the_log_says_where_it_stands(kennel: Kennel) -> None:
    kennel.metrics.liveness.pulse("worker of echoing", 120).busy("one batch")
    kennel.clock.now_s += 130
    with structlog.testing.capture_logs() as lines:
        kennel.look()
        kennel.look()
    assert kennel.health.reason == "liveness: worker of echoing: one batch for 130 s"
    (line,) = lines  # once, not at each look
    (stack,) = line["stacks"].values()
    assert any("test_what_hangs_is_not_ready" in frame for frame in stack)


def test_a_process_that_hangs_on_ends_itself_and_says_why(kennel: Kennel) -> None:
    kennel.metrics.liveness.died("table", "ValueError")
    with structlog.testing.capture_logs() as lines:
        for look in range(1, END_AFTER_LOOKS + 1):
            assert kennel.ends == 0, look
            kennel.look()
    assert kennel.ends == 1
    assert lines[-1]["event"] == "ends itself, to be started again"
    assert lines[-1]["reason"] == "table: died of ValueError"


def test_what_moves_again_gets_all_its_time_again(kennel: Kennel) -> None:
    pulse = kennel.metrics.liveness.pulse("worker", 120)
    for _ in range(3):
        pulse.busy()
        kennel.clock.now_s += 130
        for _ in range(END_AFTER_LOOKS - 1):
            kennel.look()
        pulse.idle()
        assert kennel.look().ready
    assert kennel.ends == 0


def test_a_process_that_wakes_after_a_long_freeze_gets_its_time_to_go_on(kennel: Kennel) -> None:
    pulse = kennel.metrics.liveness.pulse("worker", 120)
    pulse.busy("one batch")
    kennel.clock.now_s += 3_600
    kennel.look()
    pulse.busy("one batch")
    kennel.look()
    assert kennel.ends == 0


def test_it_can_be_told_to_let_the_process_live() -> None:
    kennel = Kennel(end_after_s=0)
    kennel.metrics.liveness.died("table", "ValueError")
    for _ in range(10 * END_AFTER_LOOKS):
        kennel.look()
    assert kennel.ends == 0


PROCESS = """
import threading, time
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.watchdog import watchdog

metrics = ServiceMetrics("echoing", 0, Health())
watchdog(metrics, stalled_after_s=15, hung_after_s=0.2, end_after_s=0.5, every_s=0.1).start()
{then}
time.sleep(60)
"""


def ending(then: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PROCESS.format(then=then)],
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_hung_process_really_ends_also_while_others_of_its_threads_run_on() -> None:
    hanging = 'metrics.liveness.pulse("worker", 0.2).busy("one batch")\n'
    hanging += "threading.Thread(target=time.sleep, args=(60,)).start()"
    ended = ending(hanging)
    assert ended.returncode == HUNG_STATUS
    assert "ends itself, to be started again" in ended.stdout
    assert "worker: one batch for" in ended.stdout


def test_native_code_that_never_lets_python_go_on_ends_too() -> None:
    # A regular expression holds the interpreter for as long as it backtracks: for ever here.
    ended = ending('import re; time.sleep(0.2); re.match("(a+)+$", "a" * 60 + "b")')
    assert ended.returncode == 1
    assert "most recent call first" in ended.stderr
