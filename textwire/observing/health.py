"""Whether a service is ready to work, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock


class Health:
    """What a service still waits for. Ready when nothing is left."""

    def __init__(self, waiting_for: Iterable[str] = ()) -> None:
        """`waiting_for`: conditions that each part declares met when it has started."""
        self._lock = Lock()
        self._reasons = dict.fromkeys(waiting_for, "starting")

    def met(self, condition: str) -> None:
        """The condition holds (again)."""
        with self._lock:
            self._reasons.pop(condition, None)

    def unmet(self, condition: str, reason: str) -> None:
        """The condition does not hold."""
        with self._lock:
            self._reasons[condition] = reason

    @property
    def ready(self) -> bool:
        """Whether every condition holds."""
        return not self._reasons

    @property
    def reason(self) -> str:
        """What is missing, in a line; empty when ready."""
        with self._lock:
            return "; ".join(f"{name}: {reason}" for name, reason in sorted(self._reasons.items()))
