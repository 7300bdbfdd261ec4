"""When a part is taken to hang, and what is said and done about it, with a clock of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.observing.test_stages import Clock
from textwire.backoff import Backoff
from textwire.stack.process_spec import ProcessSpec
from textwire.stack.restarting import WELL_AFTER_S, RestartingProcess

HANGS_AT_MOST_S, READY_WITHIN_S = 20.0, 180.0


class Patient:
    """A process whose state a test decides."""

    def __init__(self) -> None:
        self.running = self.is_ready = True
        self.lacks = self.hangs = ""
        self.kills = self.spawns = 0
        self.survives = False
        self.finished = False
        self.ending = "exit status 70"
        self.log = Path("service.log")
        self.part = ProcessSpec(
            "service",
            (),
            lacks=lambda: self.lacks,
            hangs=lambda: self.hangs,
            hangs_at_most_s=HANGS_AT_MOST_S,
            ready_within_s=READY_WITHIN_S,
        )
        self.name = self.part.name

    def ready(self) -> bool:
        return self.running and self.is_ready

    def kill(self) -> None:
        self.kills += 1
        self.running = self.survives

    def spawn(self) -> None:
        self.spawns += 1
        self.running = True


class Ward:
    """A part that was started, the clock, and what was told."""

    def __init__(self) -> None:
        self.clock, self.patient = Clock(), Patient()
        self.told: list[str] = []
        self.watched = RestartingProcess(
            self.patient,  # type: ignore[arg-type]
            self.told.append,
            backoff=Backoff(first_s=0.5, longest_s=4.0),
            clock=self.clock,
        )
        self.watched.started()

    def falls_ill(self, hangs: str = "", lacks: str = "") -> None:
        self.patient.is_ready, self.patient.hangs, self.patient.lacks = False, hangs, lacks

    def recovers(self) -> None:
        self.patient.is_ready, self.patient.hangs = True, ""

    def dies_after(self, ran_s: float) -> None:
        self.clock.now_s += ran_s
        self.patient.running = False
        self.watched.look()

    def looked_at_for(self, seconds: float) -> None:
        for _ in range(int(seconds)):
            self.watched.look()
            self.clock.now_s += 1
        self.watched.look()


@pytest.fixture
def ward() -> Ward:
    return Ward()


def test_a_part_that_hangs_is_killed_after_its_time_and_started_again(ward: Ward) -> None:
    ward.falls_ill(hangs="it does not answer")
    ward.looked_at_for(HANGS_AT_MOST_S - 1)
    assert (ward.patient.kills, ward.watched.state) == (0, "not ready")
    ward.looked_at_for(1)
    assert (ward.patient.kills, ward.watched.state) == (1, "restarting")
    ward.recovers()
    ward.looked_at_for(3)
    assert (ward.patient.spawns, ward.watched.state) == (1, "ready")
    assert ward.watched.restarts == 1
    why = "hung (it does not answer, for 20 s) and was killed"
    assert ward.watched.last_restart == why
    assert ward.watched.reason == ""
    assert ward.told == [
        "service runs but is not ready any more",
        f"service {why}; starting it again in 0.5 s",
        "service is ready again",
    ]


def test_a_part_that_only_waits_for_something_is_left_alone_however_long(ward: Ward) -> None:
    ward.falls_ill(lacks="redis: Redis does not answer")
    ward.looked_at_for(10 * READY_WITHIN_S)
    assert ward.patient.kills == 0
    assert ward.watched.reason == "redis: Redis does not answer"
    assert ward.told == [
        "service runs but is not ready any more: redis: Redis does not answer",
    ]


def test_a_part_that_moves_again_gets_all_its_time_again(ward: Ward) -> None:
    for _ in range(5):
        ward.falls_ill(hangs="it does not answer")
        ward.looked_at_for(HANGS_AT_MOST_S - 2)
        ward.falls_ill()
        ward.looked_at_for(2)
    assert ward.patient.kills == 0


def test_a_part_is_not_taken_to_hang_while_it_starts_again(ward: Ward) -> None:
    ward.patient.running = False
    ward.falls_ill(hangs="it does not answer")
    ward.looked_at_for(READY_WITHIN_S)
    assert (ward.patient.spawns, ward.patient.kills) == (1, 0)
    assert ward.watched.last_restart == "ended (exit status 70), see service.log"
    ward.looked_at_for(HANGS_AT_MOST_S + 2)
    assert ward.patient.kills == 1, "a start that lasts for ever hangs too"


def test_a_part_that_the_system_does_not_let_die_is_told_and_tried_again(ward: Ward) -> None:
    ward.patient.survives = True
    ward.falls_ill(hangs="it does not answer")
    ward.looked_at_for(2 * HANGS_AT_MOST_S + 2)
    assert (ward.patient.kills, ward.patient.spawns) == (2, 0)
    assert ward.told[-1].endswith("cannot be killed: it waits for the system")


def test_a_part_that_keeps_dying_waits_ever_longer_until_it_has_run_well(ward: Ward) -> None:
    for ran_s in (1, 1, 1, 1, 1, WELL_AFTER_S, 1):
        ward.dies_after(ran_s)
        ward.looked_at_for(5)
    waits = [float(line.split()[-2]) for line in ward.told if "starting it again" in line]
    assert waits == [0.5, 1.0, 2.0, 4.0, 4.0, 0.5, 1.0]


def test_what_was_stopped_has_no_trouble_any_more(ward: Ward) -> None:
    ward.falls_ill(lacks="redis: away")
    ward.looked_at_for(1)
    ward.watched.stopped()
    assert (ward.watched.state, ward.watched.reason) == ("stopped", "")
