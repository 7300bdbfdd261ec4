"""Whether a service is ready to work, and if not, why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from threading import Lock


class Health:
    """What a service still waits for. Ready when nothing is left.

    What it can serve without is a warning: told like the rest, it takes nobody out of rotation.
    """

    def __init__(self, waiting_for: Iterable[str] = ()) -> None:
        """`waiting_for`: conditions that each part declares met when it has started."""
        self._lock = Lock()
        self._reasons = {(condition, ""): "starting" for condition in waiting_for}
        self._warnings: dict[tuple[str, str], str] = {}

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

    def warn(self, condition: str, reason: str, of: str = "") -> None:
        """Something is not as it should be, and the service serves all the same."""
        with self._lock:
            self._warnings[condition, of] = reason

    def eased(self, condition: str, of: str = "") -> None:
        """It is as it should be (again)."""
        with self._lock:
            self._warnings.pop((condition, of), None)

    @property
    def ready(self) -> bool:
        """Whether every condition holds."""
        return not self._reasons

    @property
    def reason(self) -> str:
        """What is missing, in a line; empty when ready."""
        return self._told(self._reasons)

    @property
    def warnings(self) -> str:
        """What is not as it should be, in a line; empty when all is."""
        return self._told(self._warnings)

    def _told(self, reasons: Mapping[tuple[str, str], str]) -> str:
        with self._lock:
            lines = {f"{name}: {reason}" for (name, _), reason in reasons.items()}
        return "; ".join(sorted(lines))
