"""An alert where articles that usually come do not: a partition from which nothing comes any more.

Articles spread over their partitions by their ids. So while others bring articles, one with a share
of 1 in n is silent for k of them by chance with a probability of (1 - 1/n)^k.
"""

from __future__ import annotations

from hashlib import sha256
from math import ceil, log

from textwire.sentiment_alerts.alert_engine.events import moved
from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.alert_engine.lifecycle import told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import Standing
from textwire.sentiment_alerts.event_time import MINUTE_MS, Progress, moment_of
from textwire.sentiment_alerts.messages import Alert, AlertChange

BY_CHANCE = 1e-6
SILENCE = "silence:"


class Silences:
    """Watches the partitions of articles, by what the others bring."""

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
        state.standing[name] = Standing(told(None, alert), state.clock_ms)
        self._publishing.send(name, state.standing[name].alert, is_new=True)

    def _end(self, partition: int) -> None:
        state = self._memory.state
        one = state.standing.pop(f"{SILENCE}{partition}", None)
        if one is not None and one.alert.state != "resolved":
            now = moment_of(state.clock_ms)
            alert = told(one.alert, moved(one.alert, "resolved", now, "articles come again"))
            self._publishing.send(f"{SILENCE}{partition}", alert, is_new=False)
