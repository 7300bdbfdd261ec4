"""An alert where articles that usually come do not: from a partition, or from a feed that is dead.

Whether a feed is dead is judged by who reads it (`feeds/liveliness.py`), and comes in the log.

Articles spread over their partitions by their ids. So while others bring articles, one with a share
of 1 in n is silent for k of them by chance with a probability of (1 - 1/n)^k.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from math import ceil, log

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.alert_engine.lifecycle import told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.ongoing import moved
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert
from textwire.sentiment_alerts.event_time import MINUTE_MS, Progress, as_ms, moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange, FeedReport

BY_CHANCE = 1e-6
SILENCE = "silence:"
FEED = f"{SILENCE}feed|"


class Silences:
    """Watches the partitions of articles, by what the others bring, and is told of dead feeds."""

    def __init__(self, memory: Memory, publishing: Publishing) -> None:
        self._memory, self._publishing = memory, publishing

    def take(self, partition: int) -> None:
        """An article has come through a partition."""
        state = self._memory.state
        self._end(partition)
        for other, progress in state.progress.items():
            if other != partition:
                state.progress[other] = heard = progress.passed_over()
                if self._is_silent(heard) and f"{SILENCE}{other}" not in state.standing:
                    self._tell(other, heard)

    def take_feed(self, report: FeedReport) -> None:
        """How a feed is doing has changed; before the first article nothing is missed."""
        if not self._memory.has_begun:
            return
        state, name = self._memory.state, f"{FEED}{report.feed}"
        if report.condition == "alive":
            self._end_one(name, report.at, "the feed is alive again")
            return
        before = state.standing.get(name)
        alert = told(before.alert if before else None, _of_feed(name, report, before))
        handling = before.handling if before else None
        state.standing[name] = OngoingAlert(alert, as_ms(report.at), handling)
        self._publishing.send(name, alert, is_new=before is None)

    def _is_silent(self, progress: Progress) -> bool:
        state, timing = self._memory.state, self._memory.timing
        known = len(state.progress)
        enough = ceil(log(BY_CHANCE) / log(1 - 1 / known)) if known > 1 else None
        now_ms = max(one.written_ms for one in state.progress.values())
        since_ms = now_ms - timing.silence_minutes * MINUTE_MS
        return enough is not None and progress.others >= enough and progress.written_ms < since_ms

    def _tell(self, partition: int, progress: Progress) -> None:
        state, name = self._memory.state, f"{SILENCE}{partition}"
        since, now = moment_of(progress.written_ms), moment_of(state.clock_ms)
        alert = Alert(
            id=f"alert-{sha256(f'{name}|{progress.written_ms}'.encode()).hexdigest()[:16]}",
            entity=None,
            topic=None,
            kind="silence",
            severity="medium",
            state="open",
            window_start=min(since, now),
            window_end=now,
            observed=0,
            expected=progress.others / (len(state.progress) - 1),
            p_value=(1 - 1 / len(state.progress)) ** progress.others,
            article_ids=(),
            digest=f"Nothing has come through partition {partition} of news.articles since "
            f"{since:%Y-%m-%d %H:%M} UTC, and {progress.others} articles through the others.",
            raised_at=now,
            updated_at=now,
            changes=(AlertChange(at=now, state="open"),),
        )
        alert = self._publishing.with_incident(alert, Cause(stories=("silence",)))
        state.standing[name] = OngoingAlert(told(None, alert), state.clock_ms)
        self._publishing.send(name, state.standing[name].alert, is_new=True)

    def _end(self, partition: int) -> None:
        now = moment_of(self._memory.state.clock_ms)
        self._end_one(f"{SILENCE}{partition}", now, "articles come again")

    def _end_one(self, name: str, at: datetime, note: str) -> None:
        one = self._memory.state.standing.pop(name, None)
        if one is not None and one.alert.state != "resolved":
            alert = told(one.alert, moved(one.alert, "resolved", at, note))
            self._publishing.send(name, alert, is_new=False)


def _of_feed(name: str, report: FeedReport, before: OngoingAlert | None) -> Alert:
    """The alert of a feed that is dead; one that stands already says what it is now."""
    named = f"{report.source} ({report.feed})" if report.source else report.feed
    does = "answers with errors" if report.condition == "failing" else "brings nothing new"
    why = f": {report.reason}" if report.reason else ""
    digest = f"The feed {named} {does} since {report.since:%Y-%m-%d %H:%M} UTC{why}."
    if before is not None:
        return replace(before.alert, digest=digest, updated_at=report.at)
    return Alert(
        id=f"alert-{sha256(f'{name}|{as_ms(report.at)}'.encode()).hexdigest()[:16]}",
        entity=None,
        topic=None,
        kind="silence",
        severity="medium",
        state="open",
        window_start=min(report.since, report.at),
        window_end=report.at,
        observed=0,
        expected=0.0,
        p_value=1.0,  # no count says so
        article_ids=(),
        digest=digest,
        raised_at=report.at,
        updated_at=report.at,
        changes=(AlertChange(at=report.at, state="open"),),
    )
