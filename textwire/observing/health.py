"""Whether a service is ready to work, and if not, why; and what works worse than it should."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Literal, NamedTuple

Severity = Literal["unmet", "warning"]

# A reason may quote what a server said: of that, as much as a line on a page can show.
LONGEST_REASON = 400


class Condition(NamedTuple):
    """Something that does not hold at the moment. `of` tells those of one name apart."""

    name: str
    of: str
    severity: Severity
    reason: str


class Health:
    """What a service still waits for, and what it does without. Ready when it waits for nothing."""

    def __init__(self, waiting_for: Iterable[str] = ()) -> None:
        """`waiting_for`: conditions that each part declares met when it has started."""
        self._lock = Lock()
        self._unmet = {(condition, ""): "starting" for condition in waiting_for}
        self._warned: dict[tuple[str, str], str] = {}

    def met(self, condition: str, of: str = "") -> None:
        """The condition holds (again).

        Args: of: whose condition it is, where several have one of the same name.
        """
        with self._lock:
            self._unmet.pop((condition, of), None)

    def unmet(self, condition: str, reason: str, of: str = "") -> None:
        """The condition does not hold: the service is not ready."""
        with self._lock:
            self._unmet[condition, of] = _line(reason)

    def warn(self, condition: str, reason: str, of: str = "") -> None:
        """The condition does not hold; the service works without it, and says so."""
        with self._lock:
            self._warned[condition, of] = _line(reason)

    def eased(self, condition: str, of: str = "") -> None:
        """What was warned of has passed."""
        with self._lock:
            self._warned.pop((condition, of), None)

    @property
    def ready(self) -> bool:
        """Whether nothing is unmet, whatever is warned of."""
        return not self._unmet

    @property
    def reason(self) -> str:
        """What is missing, in a line; empty when ready."""
        return _in_a_line(self._conditions_of("unmet"))

    @property
    def warnings(self) -> str:
        """What works worse than it should, in a line; empty when all is well.

        What has the same cause as something that is unmet is not told once more.
        """
        told = {one.reason for one in self._conditions_of("unmet")}
        return _in_a_line(one for one in self._conditions_of("warning") if one.reason not in told)

    @property
    def conditions(self) -> list[Condition]:
        """All that does not hold, what is unmet first."""
        return self._conditions_of("unmet") + self._conditions_of("warning")

    def _conditions_of(self, severity: Severity) -> list[Condition]:
        with self._lock:
            lacking = sorted((self._unmet if severity == "unmet" else self._warned).items())
        return [Condition(name, of, severity, reason) for (name, of), reason in lacking]


def _in_a_line(conditions: Iterable[Condition]) -> str:
    """Each reason once, behind the names of all that have it."""
    by_reason: dict[str, dict[str, None]] = {}
    for one in conditions:
        by_reason.setdefault(one.reason, {})[one.name] = None
    return "; ".join(f"{', '.join(names)}: {reason}" for reason, names in by_reason.items())


def _line(reason: str) -> str:
    line = " ".join(reason.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
