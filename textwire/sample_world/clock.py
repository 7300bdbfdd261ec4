"""The world's own time: it begins in the past, and hurries until it has caught up with ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class WorldClock:
    """When a moment of the world is due in ours.

    began        when the feeding began, in our time.
    world_began  where the world stood then; before `began`.
    at_once      up to there nothing is waited for.
    speed        how many times as fast as ours it goes, until it has caught up with ours.
    """

    began: datetime
    world_began: datetime
    at_once: datetime
    speed: float

    def due(self, moment: datetime) -> datetime:
        """Our time at which a moment of the world is reached; never before that moment itself."""
        if moment <= self._hurries_from:
            return self.began
        hurried = self.began + (moment - self._hurries_from) / self.speed
        return max(hurried, moment)

    @property
    def _hurries_from(self) -> datetime:
        return max(self.world_began, min(self.at_once, self.began))


def fresh_start(now: datetime, length: timedelta) -> datetime:
    """Where a new world begins: one length ago, at midnight, since its news know hours of day."""
    return (now - length).replace(hour=0, minute=0, second=0, microsecond=0)
