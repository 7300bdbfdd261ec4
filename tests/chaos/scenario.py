"""A scenario: a load, what goes wrong meanwhile, and what must be true afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random

from tests.chaos.bad_records import Mixture
from tests.chaos.disks import SmallDisks
from tests.chaos.faults import Fault
from tests.chaos.faults.clock import can_set_clocks
from tests.chaos.subjects import Subject
from tests.chaos.subjects.echo import EchoSubject

Schedule = Callable[[Random], Sequence[Fault]]
# A quick run strikes so many times.
QUICK_FAULTS = 3
# Short, so that a freeze past it takes seconds; services may be given any.
SESSION_TIMEOUT_S = 3.0


class Need(Enum):
    """What a machine may lack."""

    MOUNTS = "the right to mount small disks (root)"
    CLOCKS = "a C compiler (cc) on Linux"

    @property
    def is_met(self) -> bool:
        """Whether this machine has it."""
        return SmallDisks.allowed() if self is Need.MOUNTS else can_set_clocks()


@dataclass(frozen=True)
class Scenario:
    """What is tried.

    schedule           all faults, drawn from a seed, in the order in which they strike.
    per_s              records a second while they strike.
    backlog            records sent before any service is started.
    numbered           whether answers must bear their number among those of their session.
    answered_within_s  after the last fault, all must be answered; sooner if nothing moves any more.
    """

    name: str
    about: str
    schedule: Schedule
    subject: Subject = field(default_factory=EchoSubject)
    replicas: int = 3
    per_s: float = 100.0
    backlog: int = 0
    mixture: Mixture = field(default_factory=Mixture)
    settings: Mapping[str, str] = field(default_factory=dict)
    numbered: bool = True
    answered_within_s: float = 300.0
    needs: tuple[Need, ...] = ()

    def faults(self, seed: int, *, quick: bool) -> list[Fault]:
        """What strikes; the same for the same seed."""
        faults = list(self.schedule(Random(f"{self.name} {seed}")))
        return faults[:QUICK_FAULTS] if quick else faults

    @property
    def lacks(self) -> str:
        """What this machine lacks for it; empty where nothing."""
        return ", ".join(need.value for need in self.needs if not need.is_met)
