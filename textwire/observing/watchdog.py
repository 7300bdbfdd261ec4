"""The process looks at itself: tells what hangs, stalls or runs out, and ends when it is stuck.

Whoever runs services restarts what fails /livez (`textwire up`, Kubernetes). Docker Compose only
restarts what ends. So a process that finds itself hung for longer than anyone else would wait ends
by itself, which is no worse than a kill: nothing is lost or doubled by one.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import traceback
from collections.abc import Callable, Iterable
from threading import Thread

import structlog

from textwire.observing.descriptors import Descriptors, descriptors
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask

LOOK_EVERY_S = 1.0
# So many looks that do not come are no accident any more.
MISSED_LOOKS = 10
# EX_SOFTWARE of sysexits.h: told apart from a start that failed (1) and from signals.
HUNG_STATUS = 70

log = structlog.get_logger()


class Watchdog:
    """Compares what the parts of a service say with what they should."""

    def __init__(
        self,
        metrics: ServiceMetrics,
        *,
        stalled_after_s: float,
        end_after_s: float,
        end: Callable[[], None],
        every_s: float = LOOK_EVERY_S,
        look_at_descriptors: Callable[[], Descriptors] = descriptors,
    ) -> None:
        """Look with `look()`, every so often.

        Args: stalled_after_s: records may wait so long without a commit.
              end_after_s: once it has hung for so long, `end` is called; 0: never.
        """
        self._metrics = metrics
        self._health, self._liveness = metrics.health, metrics.liveness
        self._stalled_after_s, self._end_after_s, self._end = stalled_after_s, end_after_s, end
        self._every_s = every_s
        self._look_at_descriptors = look_at_descriptors
        self._stalled: set[str] = set()
        self._hung_looks = 0

    def look(self) -> None:
        """Look once, and tell."""
        self._tell_progress()
        self._tell_descriptors()
        self._tell_hung(self._liveness.hung)

    def _tell_progress(self) -> None:
        stalled = self._metrics.progress.stalled(self._stalled_after_s)
        for group in self._stalled - stalled.keys():
            self._health.met("progress", group)
        for group, words in stalled.items():
            self._health.unmet("progress", words, group)
        self._stalled = set(stalled)

    def _tell_descriptors(self) -> None:
        if trouble := self._look_at_descriptors().trouble:
            self._health.warn("descriptors", trouble)
        else:
            self._health.eased("descriptors")

    def _tell_hung(self, hung: list[str]) -> None:
        if not hung:
            self._hung_looks = 0
            self._health.met("liveness")
            return
        self._health.unmet("liveness", "; ".join(hung))
        if self._hung_looks == 0:
            log.error("hangs", reason="; ".join(hung), stacks=_stacks(self._liveness.hung_threads))
        self._hung_looks += 1
        # Counted in looks and not by the clock: a process that was frozen, and woke, gets its time.
        if 0 < self._end_after_s <= self._hung_looks * self._every_s:
            log.critical("ends itself, to be started again", reason="; ".join(hung))
            self._end()


def watchdog(
    metrics: ServiceMetrics,
    stalled_after_s: float,
    hung_after_s: float,
    end_after_s: float,
    every_s: float = LOOK_EVERY_S,
) -> PeriodicTask:
    """The watchdog of this process, on a thread of its own; start it with `start()`."""
    dog = Watchdog(
        metrics,
        stalled_after_s=stalled_after_s,
        end_after_s=end_after_s,
        end=_end_at_once,
        every_s=every_s,
    )

    def look() -> None:
        if end_after_s:
            _end_unless_called_within(hung_after_s + end_after_s + MISSED_LOOKS * every_s)
        dog.look()

    return PeriodicTask(
        "watchdog",
        look,
        every_s,
        metrics.health,
        metrics.liveness,
        at_end=faulthandler.cancel_dump_traceback_later,
    )


def _end_unless_called_within(seconds: float) -> None:
    """For native code that never lets Python go on, this thread included: a timer outside Python.

    It writes where each thread stands to the error stream, and ends the process with status 1.
    """
    faulthandler.dump_traceback_later(seconds, exit=True)


def _end_at_once() -> None:
    """What hangs cannot be asked to end; what is in hand is read again by whoever comes next."""
    sys.stdout.flush()
    os._exit(HUNG_STATUS)


def _stacks(threads: Iterable[Thread]) -> dict[str, list[str]]:
    """Where threads stand, by their names: files, lines, functions."""
    frames = sys._current_frames()
    return {
        thread.name: [line.strip() for line in traceback.format_stack(frames[thread.ident])]
        for thread in threads
        if thread.ident in frames
    }
