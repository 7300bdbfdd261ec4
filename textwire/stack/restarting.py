"""One part under the supervisor's eye: its state, and what to do next about it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from textwire.backoff import Backoff
from textwire.errors import StackError
from textwire.stack.process import Process

State = Literal["starting", "ready", "not ready", "restarting", "done", "stopped"]
Tell = Callable[[str], None]
# How often a part is asked whether it is ready: while it is not, and while it is.
PROBE_SOON_S, PROBE_EVERY_S = 0.2, 1.0
# Before a part that keeps dying is started again: the first wait, and the longest.
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
# A part that ran this long was well: its next death counts as its first.
WELL_AFTER_S = 60.0


def restart_backoff() -> Backoff:
    """The waits between the restarts of one part."""
    return Backoff(FIRST_WAIT_S, LONGEST_WAIT_S)


class RestartingProcess:
    """A part, started again whenever it dies or hangs, and said so.

    It is `starting` until whoever starts it for the first time calls `started()`.

    reason        why it is not ready, as it said when it ceased to be.
    last_restart  why it was started again the last time.
    """

    def __init__(
        self,
        process: Process,
        tell: Tell,
        *,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.process = process
        self.state: State = "starting"
        self.reason = self.last_restart = ""
        self.restarts = 0
        self._tell, self._clock = tell, clock
        self._backoff = backoff or restart_backoff()
        self._started_at = self._probe_at = clock()
        self._has_started = False
        self._hangs_since: float | None = None
        self._restart_at: float | None = None

    @property
    def name(self) -> str:
        """The part's name."""
        return self.process.name

    def started(self) -> None:
        """Its first start is over: from now on it is looked after."""
        self.state, self._has_started = "ready", True

    def stopped(self) -> None:
        """Expect no more of it."""
        self.state, self.reason = "stopped", ""

    def look(self) -> None:
        """See how it is, and start it again when it is dead and its wait is over."""
        if self.state in ("starting", "done", "stopped"):
            return
        if self.process.running:
            self._probe()
        elif self._restart_at is None:
            self._ended()
        elif self._clock() >= self._restart_at:
            self._start_again()

    def _probe(self) -> None:
        if self._clock() < self._probe_at:
            return
        if self.process.ready():
            self._is_ready()
            self._probe_at = self._clock() + PROBE_EVERY_S
        else:
            self._is_not_ready()
            self._probe_at = self._clock() + PROBE_SOON_S

    def _is_ready(self) -> None:
        if self.state != "ready":
            self._tell(f"{self.name} is ready again")
        self.state, self.reason, self._has_started = "ready", "", True
        self._hangs_since = None

    def _is_not_ready(self) -> None:
        if self.state == "ready":
            self.state, self.reason = "not ready", self.process.part.lacks()
            because = f": {self.reason}" if self.reason else ""
            self._tell(f"{self.name} runs but is not ready any more{because}")
        if self._has_started or self._start_lasts_too_long:
            self._see_whether_it_hangs()

    @property
    def _start_lasts_too_long(self) -> bool:
        return self._clock() - self._started_at > self.process.part.ready_within_s

    def _see_whether_it_hangs(self) -> None:
        trouble, now = self.process.part.hangs(), self._clock()
        if not trouble:
            self._hangs_since = None
            return
        if self._hangs_since is None:
            self._hangs_since = now
        if now - self._hangs_since >= self.process.part.hangs_at_most_s:
            self._kill(f"hung ({trouble}, for {now - self._hangs_since:.0f} s)")

    def _kill(self, why: str) -> None:
        self._hangs_since = None
        self.process.kill()
        if self.process.running:
            self._tell(f"{self.name} {why} and cannot be killed: it waits for the system")
            return
        self._wait_to_restart(f"{why} and was killed", self._clock() - self._started_at)

    def _ended(self) -> None:
        if self.process.finished:
            self.state = "done"
            return
        why = f"ended ({self.process.ending}), see {self.process.log}"
        self._wait_to_restart(why, self._clock() - self._started_at)

    def _wait_to_restart(self, why: str, ran_s: float) -> None:
        if ran_s >= WELL_AFTER_S:
            self._backoff.succeeded()
        wait_s = self._backoff.failed()
        self.state, self.reason, self.last_restart = "restarting", why, why
        self._restart_at = self._clock() + wait_s
        self._tell(f"{self.name} {why}; starting it again in {wait_s:.1f} s")

    def _start_again(self) -> None:
        self.restarts += 1
        self._started_at, self._restart_at, self._has_started = self._clock(), None, False
        try:
            self.process.spawn()
        except StackError as error:
            self._wait_to_restart(f"was not started: {error}", ran_s=0.0)
