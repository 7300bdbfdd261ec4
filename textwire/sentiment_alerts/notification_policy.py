"""Which messages of an alert someone is notified of, and when: a policy, not every article."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from textwire.sentiment_alerts.alert_rules import LEVELS
from textwire.sentiment_alerts.messages import Alert, Severity, Transition

# In hours that are to be quiet only these are told at once.
WAKES: Severity = "high"


@dataclass(frozen=True)
class QuietHours:
    """From one time of day to another, by a zone's clock; over midnight if it ends sooner."""

    begins: time
    ends: time
    zone: str = "UTC"

    @classmethod
    def parse(cls, text: str, zone: str) -> QuietHours | None:
        """`22:00-07:00`; nothing where it is empty.

        Raises: ValueError: it is no span of time.
        """
        if not text.strip():
            return None
        begins, dash, ends = text.partition("-")
        if not dash:
            raise ValueError(f"{text!r} is no span of time: write it as 22:00-07:00")
        return cls(time.fromisoformat(begins.strip()), time.fromisoformat(ends.strip()), zone)

    def end_of(self, at: datetime) -> datetime | None:
        """When the quiet ends that a moment lies in; None where it lies in none."""
        local = at.astimezone(ZoneInfo(self.zone))
        now = local.time().replace(tzinfo=None)
        if self.begins <= self.ends:
            inside, days = self.begins <= now < self.ends, 0
        else:
            inside = now >= self.begins or now < self.ends
            days = 1 if now >= self.begins else 0
        if not inside:
            return None
        day = local.date() + timedelta(days=days)
        return datetime.combine(day, self.ends, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class NotificationPolicy:
    """What is told.

    transitions    of an alert: others are for the page and the topic alone.
    least          how grave it must be.
    companies      only of these; empty: of all, and of topics and silences.
    quiet          what is not of the gravest waits until they end.
    group_s        what changes again within so long is told once, as it is then.
    """

    transitions: Collection[Transition] = ("opened", "escalated", "reopened", "resolved")
    least: Severity = "low"
    companies: Collection[str] = ()
    quiet: QuietHours | None = None
    group_s: float = 0.0

    def when(self, alert: Alert, now: datetime) -> datetime | None:
        """When a message about an alert is to be told; None: never."""
        if alert.transition not in self.transitions or alert.state == "snoozed":
            return None
        if LEVELS.index(alert.severity) < LEVELS.index(self.least):
            return None
        if self.companies and alert.entity not in self.companies:
            return None
        quiet_until = self.quiet.end_of(now) if self.quiet and alert.severity != WAKES else None
        return max(now + timedelta(seconds=self.group_s), quiet_until or now)
