"""Versions that cannot be served: why, and when each is worth another try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textwire.errors import Unavailable
from textwire.models.artifacts.registry import Registry

# With the same files, since it may have been memory or time that was short.
RETRY_AFTER_S = 600.0


@dataclass(frozen=True)
class Refusal:
    """Why, and how the version's files stood when it was tried."""

    reason: str
    stamp: str
    at_s: float


class Refusals:
    """Those of one task. They are forgotten when the champion moves, so that it may move back."""

    def __init__(self, registry: Registry, task: str, clock: Callable[[], float]) -> None:
        self._registry = registry
        self._task = task
        self._clock = clock
        self._refused: dict[str, Refusal] = {}

    def stamp(self, version: str) -> str:
        """How a version's files stand now; to be taken before it is tried."""
        try:
            return self._registry.stamp(self._task, version)
        except Unavailable:
            return ""  # another one as soon as the registry is back

    def add(self, version: str, reason: str, stamp: str) -> None:
        """It was tried, and cannot be served."""
        self._refused[version] = Refusal(reason, stamp, self._clock())

    def keep_only(self, version: str | None) -> None:
        """Forget all others."""
        self._refused = {v: refusal for v, refusal in self._refused.items() if v == version}

    def reason(self, version: str) -> str | None:
        """Why it cannot be served, if it was refused."""
        refusal = self._refused.get(version)
        return refusal.reason if refusal else None

    def stands(self, version: str) -> bool:
        """Whether it was refused, its files are the same as then, and that is not long ago."""
        refusal = self._refused.get(version)
        return (
            refusal is not None
            and self._clock() - refusal.at_s < RETRY_AFTER_S
            and self._registry.stamp(self._task, version) == refusal.stamp
        )
