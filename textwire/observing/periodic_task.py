"""A thread that looks every so often, whatever befalls it: one policy for all of them."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

import structlog

from textwire.errors import TextwireError, Unavailable
from textwire.observing.health import Health
from textwire.observing.liveness import Liveness
from textwire.observing.pauses import Pauses

# A look at Redis or the broker ends within ten seconds, for good or bad.
HUNG_AFTER_S = 60.0
# How long `stop` waits: a look that is under way cannot be interrupted, and as a daemon it holds
# up nobody's exit.
STOPPED_WITHIN_S = 2.0

log = structlog.get_logger()


class PeriodicTask:
    """Calls an action again and again on a thread of its own, which never dies.

    An action that fails is told under the task's name, in the log and in the health, until it
    succeeds again: what is away is a line, an error that nobody expected comes with its traceback.
    """

    def __init__(
        self,
        name: str,
        action: Callable[[], None],
        every_s: float,
        health: Health,
        liveness: Liveness | None = None,
        *,
        needed: bool = False,
        spread: float = 0.0,
        busy_at_most: float = 1.0,
        hung_after_s: float = HUNG_AFTER_S,
        at_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Start with `start()`; the first look comes at once.

        Args: liveness: learns when one look takes longer than `hung_after_s`, and of a dead thread.
              needed: the service is not ready until the action succeeds, and while it fails;
                  otherwise it is warned of.
              spread, busy_at_most: as for `Pauses`.
              at_end: is called last of all, on the same thread.
        """
        self._name, self._action, self._at_end = name, action, at_end
        self._health, self._needed = health, needed
        self._pauses = Pauses(every_s, spread=spread, busy_at_most=busy_at_most)
        self._pulse = (liveness or Liveness()).pulse(name, hung_after_s)
        self._stopping = Event()
        self._thread = Thread(target=self._look_until_stopped, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        if self._needed:
            self._health.unmet(self._name, "starting")
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns within a bound, whatever the look under way does."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOPPED_WITHIN_S)

    def _look_until_stopped(self) -> None:
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            pause_s = self._look()
        self._try(self._at_end)
        self._pulse.ended()

    def _look(self) -> float:
        """Look once; how long to rest."""
        began_s = monotonic()
        self._pulse.busy("one look")
        succeeded = self._try(self._action)
        self._pulse.idle()
        if not succeeded:
            return self._pauses.after_failure()
        self._tell_well()
        return self._pauses.after_success(monotonic() - began_s)

    def _try(self, action: Callable[[], None]) -> bool:
        """Whether it succeeded."""
        try:
            action()
        except Unavailable as error:
            log.warning("will look again", task=self._name, reason=str(error))
            self._tell(str(error))
        except Exception as error:
            log.exception("will look again", task=self._name)
            self._tell(in_words(error))
        else:
            return True
        return False

    def _tell(self, reason: str) -> None:
        (self._health.unmet if self._needed else self._health.warn)(self._name, reason)

    def _tell_well(self) -> None:
        (self._health.met if self._needed else self._health.eased)(self._name)


def in_words(error: BaseException) -> str:
    """An error for people: ours are written for them, of others their kind is told too."""
    if isinstance(error, TextwireError):
        return str(error)
    return f"unexpected {type(error).__name__}: {error}; the log says where"
