"""Runs one scenario, and says what came of it."""

from __future__ import annotations

import itertools
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from types import FrameType

from tests.chaos.arrivals import Follower
from tests.chaos.broker_probe import BrokerProbe
from tests.chaos.evidence import keep_evidence
from tests.chaos.faults import Fault
from tests.chaos.fleet import eventually, ready
from tests.chaos.load import Load, Producers
from tests.chaos.readiness import FalseSecond, Observer, false_seconds
from tests.chaos.scenario import SESSION_TIMEOUT_S, Need, Scenario
from tests.chaos.truth import Wrong
from tests.chaos.verdict import Verdict, verdict_of
from tests.chaos.world import World, new_world
from textwire.stream.kafka.connecting import create_topics

READY_WITHIN_S = 60.0
# What is too many comes soon after the last that was due, or with the abort of what still hangs:
# a transaction is given up after 10 s.
SETTLES_WITHIN_S = 4.0
# Where nothing has come for so long, nothing will.
GIVES_UP_AFTER_S = 60.0
LOOKS_EVERY_S = 0.2
WATCHDOG_S = 1800.0
QUICK_BACKLOG = 2_000
SETTINGS = {"TEXTWIRE_STREAM_SESSION_TIMEOUT_MS": str(int(SESSION_TIMEOUT_S * 1000))}


class OutOfTime(Exception):
    """A scenario did not end within its bound."""


@dataclass
class Outcome:
    """What came of a scenario.

    answered_after_s  seconds from the last fault until everything was answered; None: never.
    """

    scenario: Scenario
    seed: int
    verdict: Verdict = field(default_factory=Verdict)
    struck: Counter[str] = field(default_factory=Counter)
    answered_after_s: float | None = None
    took_s: float = 0.0
    observed_s: int = 0
    false_seconds: list[FalseSecond] = field(default_factory=list)
    ended_by_themselves: Counter[str] = field(default_factory=Counter)
    unsure: int = 0
    error: str = ""
    skipped: str = ""

    @property
    def ok(self) -> bool:
        """Whether all held, or the scenario cannot be run here."""
        held = self.verdict.ok and not self.false_seconds and self.answered_after_s is not None
        return bool(self.skipped) or (held and not self.error)


def run(scenario: Scenario, seed: int, *, quick: bool = False, evidence: Path) -> Outcome:
    """Run it; what failed leaves its evidence in a folder of its own."""
    outcome = Outcome(scenario, seed, skipped=scenario.lacks)
    if outcome.skipped:
        return outcome
    faults = scenario.faults(seed, quick=quick)
    began = time.monotonic()
    with new_world(small_disks=Need.MOUNTS in scenario.needs) as world:
        try:
            with watchdog(WATCHDOG_S):
                _run(scenario, faults, world, outcome, quick=quick)
        except Exception as error:  # noqa: BLE001 - whatever it was, the next scenario is run
            outcome.error = f"{type(error).__name__}: {error}"
        outcome.took_s = time.monotonic() - began
        outcome.struck = world.struck
        outcome.ended_by_themselves = +world.fleet.ended_by_themselves
        if not outcome.ok or outcome.ended_by_themselves:
            keep_evidence(evidence / f"{scenario.name}-{seed}", world, outcome, faults)
    return outcome


def _run(
    scenario: Scenario, faults: Sequence[Fault], world: World, outcome: Outcome, *, quick: bool
) -> None:
    subject = scenario.subject
    create_topics(subject.topics, world.kafka)
    subject.prepare(world)
    sendings = subject.sendings(Random(f"load {outcome.seed}"), scenario.mixture)
    with _producing(world) as producers, _watched(scenario, world) as observer:
        backlog = min(scenario.backlog, QUICK_BACKLOG) if quick else scenario.backlog
        for sending in itertools.islice(sendings, backlog):
            producers.send(sending)
        _start(scenario, world)
        _strike(faults, world, Load(producers, sendings, scenario.per_s, world.load_paused))
        producers.flush()
        outcome.answered_after_s = _wait_for_answers(scenario, world)
        time.sleep(SETTLES_WITHIN_S)
    outcome.verdict = verdict_of(world.ledger, numbered=scenario.numbered)
    subject.judge_redis(world, outcome.verdict)
    outcome.observed_s = len(observer.observations)
    outcome.false_seconds = false_seconds(observer.observations, world.truth)
    outcome.unsure = len(world.ledger.unsure)


@contextmanager
def _producing(world: World) -> Iterator[Producers]:
    producers = Producers(world.cluster.bootstrap_servers, world.ledger)
    try:
        yield producers
    finally:
        producers.close()


@contextmanager
def _watched(scenario: Scenario, world: World) -> Iterator[Observer]:
    observer = Observer(world.fleet, world.ledger)
    subject = scenario.subject
    dead = [topic.dead for topic in subject.topics]
    servers = world.cluster.bootstrap_servers
    follower = Follower(servers, subject.reads, dead, world.ledger)
    probe = BrokerProbe(servers, [topic.name for topic in subject.topics], world.truth)
    with ExitStack() as stack:
        for thread in (observer, follower, probe):
            thread.start()
            stack.callback(thread.stop)
        yield observer


def _start(scenario: Scenario, world: World) -> None:
    settings = {**SETTINGS, **scenario.settings}
    world.fleet.add(scenario.subject.replicas(world, scenario.replicas, settings))
    with world.truth.wrong(Wrong("started")):
        world.fleet.start()
        if not eventually(lambda: ready(world.fleet), READY_WITHIN_S):
            raise OutOfTime(f"the replicas were not ready after {READY_WITHIN_S:.0f} s")


def _strike(faults: Sequence[Fault], world: World, load: Load) -> None:
    """All faults under load; what they left away is brought back."""
    load.start()
    try:
        for fault in faults:
            fault.strike(world)
    finally:
        load.stop()
    with world.truth.wrong(Wrong("mended")):
        world.mend()


def _wait_for_answers(scenario: Scenario, world: World) -> float | None:
    began = moved_at = time.monotonic()
    open_before = None
    while time.monotonic() < min(began + scenario.answered_within_s, moved_at + GIVES_UP_AFTER_S):
        still_open = world.ledger.waiting().total() + scenario.subject.unseen(world)
        if not still_open:
            return time.monotonic() - began
        if still_open != open_before:
            open_before, moved_at = still_open, time.monotonic()
        time.sleep(LOOKS_EVERY_S)
    return None


@contextmanager
def watchdog(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in the main thread when something takes longer, whatever it waits for."""

    def bark(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime(f"it did not end within {seconds:.0f} s")

    before = signal.signal(signal.SIGALRM, bark)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
