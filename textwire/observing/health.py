"""Whether a service is ready to work, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock


class Health:
    """What a service still waits for. Ready when nothing is left."""

    def __init__(self, waiting_for: Iterable[str] = ()) -> None:
        """`waiting_for`: conditions that each part declares met when it has started."""
        self._lock = Lock()
        self._reasons = {(condition, ""): "starting" for condition in waiting_for}

    def met(self, condition: str, of: str = "") -> None:
        """The condition holds (again).

        Args: of: whose condition it is, where several have one of the same name.
        """
        with self._lock:
            self._reasons.pop((condition, of), None)

    def unmet(self, condition: str, reason: str, of: str = "") -> None:
        """The condition does not hold."""
        with self._lock:
            self._reasons[condition, of] = reason

    @property
    def ready(self) -> bool:
        """Whether every condition holds."""
        return not self._reasons

    @property
    def reason(self) -> str:
        """What is missing, in a line; empty when ready."""
        with self._lock:
            lacking = {f"{name}: {reason}" for (name, _), reason in self._reasons.items()}
        return "; ".join(sorted(lacking))
