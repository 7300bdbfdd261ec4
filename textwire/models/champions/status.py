"""The status of a task's champion, told in the log, a metric and the readiness.

A service that serves another version than the champion serves well: it stays ready, and says what
was refused, why, and what is served instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import structlog

from textwire.errors import TextwireError
from textwire.models.artifacts.names import is_plain
from textwire.observing.metrics import ServiceMetrics

CONDITION = "champion"
# A registry on a network comes and goes; what is served needs it only for what comes next.
AWAY_UNTOLD_S = 10.0
MOST_CHARACTERS = 500

log = structlog.get_logger(__name__)


class ChampionStatus:
    """Says each thing once."""

    def __init__(
        self, task: str, metrics: ServiceMetrics, clock: Callable[[], float] = monotonic
    ) -> None:
        self._task = task
        self._health = metrics.health
        self._refusals = metrics.champions_refused(task)
        self._clock = clock
        self._refused: set[tuple[str, str]] = set()
        self._away_since: float | None = None

    @contextmanager
    def taking(self, champion: str, served: str) -> Iterator[None]:
        """Meanwhile the champion is tried out and loaded, and is not served yet."""
        self._warn(f"{_named(champion)} is tried out, {served or 'none'} is served meanwhile.")
        try:
            yield
        finally:
            self._health.eased(CONDITION, of=self._task)

    def taken(self, version: str) -> None:
        """A version is served from now on."""
        log.info("champion_taken", task=self._task, version=version)

    def refused(self, version: str, error: Exception) -> str:
        """A version cannot be served; why, in a line."""
        reason = in_a_line(error)
        if (version, reason) not in self._refused:
            self._refused.add((version, reason))
            self._refusals.inc()
            log.error(
                "champion_refused",
                task=self._task,
                version=_named(version),
                reason=reason,
                exc_info=_foreign(error),
            )
        return reason

    def serves_champion(self) -> None:
        """What is served is what should be."""
        self._health.eased(CONDITION, of=self._task)

    def serves_instead(self, champion: str, reason: str, served: str) -> None:
        """The champion was refused."""
        self._warn(f"{_named(champion)} was refused, {served} is served instead: {reason}")

    def serves_unnamed(self, served: str) -> None:
        """No champion is named any more."""
        self._warn(f"none is named for {self._task}, {served} is served on. Promote a version.")

    def away(self, error: BaseException, served: str) -> None:
        """Something that the next champion would need is away."""
        now = self._clock()
        if self._away_since is None:
            self._away_since = now
            log.warning(
                "champion_not_reached",
                task=self._task,
                error=in_a_line(error),
                exc_info=_foreign(error),
            )
        if now - self._away_since >= AWAY_UNTOLD_S:
            self._warn(f"not looked for, {served} is served on: {in_a_line(error)}")

    def reached(self) -> None:
        """Nothing is away (any more)."""
        self._away_since = None

    def _warn(self, reason: str) -> None:
        self._health.warn(CONDITION, reason, of=self._task)


def _foreign(error: BaseException) -> BaseException | None:
    """An error whose traceback is worth its lines: our own say all in their message."""
    return None if isinstance(error, TextwireError) else error


def _named(version: str) -> str:
    """A version as it may be shown, whatever an alias holds."""
    return version if is_plain(version) else repr(version[:100])


def in_a_line(error: BaseException) -> str:
    """What an error says, bounded and fit for a terminal; of one that is not ours, its kind too."""
    told = str(error) if isinstance(error, TextwireError) else f"{type(error).__name__}: {error}"
    beginning = told[: 2 * MOST_CHARACTERS]
    said = " ".join("".join(c if c.isprintable() else " " for c in beginning).split())
    return said if len(said) <= MOST_CHARACTERS else f"{said[:MOST_CHARACTERS]} …"
