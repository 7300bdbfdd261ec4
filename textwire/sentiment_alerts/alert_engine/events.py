"""Alerts on a single article: what a rule waits for, said of a company that is watched."""

from __future__ import annotations

from hashlib import sha256

from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.aftermath import REMEMBERED_MS, Aftermath
from textwire.sentiment_alerts.alert_engine.incidents import Cause
from textwire.sentiment_alerts.alert_engine.lifecycle import most_told, told
from textwire.sentiment_alerts.alert_engine.memory import Memory
from textwire.sentiment_alerts.alert_engine.ongoing import go_on, is_still_snoozed, moved
from textwire.sentiment_alerts.alert_engine.publishing import Publishing
from textwire.sentiment_alerts.alert_engine.state import OngoingAlert
from textwire.sentiment_alerts.alert_rules import LEVELS, EventRule
from textwire.sentiment_alerts.event_time import HOUR_MS, as_ms, moment_of
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertChange,
    AlertState,
    ArticleSentiment,
    EntitySentiment,
    Severity,
)
from textwire.sentiment_alerts.surges.episodes import NAMED_ARTICLES

# What is told again within a day is the same event; after a day without, it is over.
OVER_AFTER_MS = 24 * HOUR_MS
EVENT = "event:"


class Events:
    """Raises an alert for what rules wait for, and lets it go when no more is told of it."""

    def __init__(self, memory: Memory, publishing: Publishing) -> None:
        self._memory, self._publishing = memory, publishing

    def take(self, sentiment: ArticleSentiment) -> None:
        """Look for events in an article that is no copy, and is not late by more than a day."""
        at_ms, state = as_ms(sentiment.published_at), self._memory.state
        if at_ms < state.clock_ms - OVER_AFTER_MS:
            return
        for said in sentiment.entities:
            for rule in self._memory.alert_rules.events(said, sentiment)[:1]:
                self._tell(rule, said, sentiment)

    def pass_time(self) -> None:
        """End what is over, and the snoozes whose time has come; forget what is long past."""
        state = self._memory.state
        forgotten_ms = state.clock_ms - REMEMBERED_MS
        for name in [n for n, one in state.aftermaths.items() if one.last_ms < forgotten_ms]:
            del state.aftermaths[name]
        for name, one in list(state.standing.items()):
            if not name.startswith(EVENT):
                continue
            if one.last_ms < state.clock_ms - OVER_AFTER_MS:
                del state.standing[name]
                if one.alert.state != "resolved":
                    self._move(name, one, "resolved", "no more was told of it")
            elif one.alert.state == "snoozed" and not is_still_snoozed(one, state.clock_ms):
                self._move(name, one, "reopened", None)

    def _tell(self, rule: EventRule, said: EntitySentiment, sentiment: ArticleSentiment) -> None:
        name, state = f"{EVENT}{rule.name}|{said.entity}", self._memory.state
        known, cause = state.standing.get(name), _cause(said, sentiment)
        at_ms = as_ms(sentiment.published_at)
        past = state.aftermaths.get(name)
        if known is None and past and past.holds(cause, sentiment.title, at_ms, rule.stems):
            past.take_in(cause, at_ms, is_told=False)
            return
        state.aftermaths.setdefault(name, Aftermath(at_ms)).take_in(cause, at_ms, is_told=True)
        if known is None:
            opened = self._opened(rule, said, sentiment)
            alert = told(None, self._publishing.with_incident(opened, cause))
            state.standing[name] = OngoingAlert(alert, at_ms)
            self._publishing.send(name, alert, is_new=True)
        elif sentiment.article_id not in known.alert.article_ids:
            self._grow(name, known, rule, sentiment)

    def _grow(
        self, name: str, known: OngoingAlert, rule: EventRule, sentiment: ArticleSentiment
    ) -> None:
        alert, at = known.alert, sentiment.published_at
        known.last_ms = max(known.last_ms, as_ms(at))
        grown = replace(
            alert,
            severity=max(alert.severity, self._severity(rule, alert.entity, sentiment.source),
                         key=LEVELS.index),
            observed=alert.observed + 1,
            article_ids=(*alert.article_ids, sentiment.article_id)[:NAMED_ARTICLES],
            story_ids=most_told([*alert.story_ids, sentiment.story_id or ""]),
            window_end=max(alert.window_end, at),
            updated_at=max(alert.updated_at, at),
        )  # fmt: skip
        go_on(known, grown, at, self._memory.state.clock_ms)
        self._publishing.send(name, known.alert, is_new=False)

    def _opened(self, rule: EventRule, said: EntitySentiment, sentiment: ArticleSentiment) -> Alert:
        at = sentiment.published_at
        named = f"{EVENT}{rule.name}|{said.entity}|{sentiment.article_id}"
        return Alert(
            id=f"alert-{sha256(named.encode()).hexdigest()[:16]}",
            entity=said.entity,
            topic=None,
            kind="event",
            severity=self._severity(rule, said.entity, sentiment.source),
            state="open",
            window_start=at,
            window_end=at,
            observed=1,
            expected=0.0,
            p_value=0.0,
            article_ids=(sentiment.article_id,),
            digest=f"{rule.name.capitalize()}: “{sentiment.title}”",
            raised_at=at,
            updated_at=at,
            rule=rule.name,
            story_ids=most_told([sentiment.story_id or ""]),
            changes=(AlertChange(at=at, state="open"),),
        )

    def _severity(self, rule: EventRule, entity: str | None, source: str | None) -> Severity:
        level = LEVELS.index(rule.severity)
        return self._memory.alert_rules.severity.level(level, entity, [source])

    def _move(self, name: str, one: OngoingAlert, state: AlertState, note: str | None) -> None:
        at = moment_of(self._memory.state.clock_ms)
        one.alert = told(one.alert, moved(one.alert, state, at, note))
        self._publishing.send(name, one.alert, is_new=False)


def _cause(said: EntitySentiment, sentiment: ArticleSentiment) -> Cause:
    topic = next((one.topic for one in sentiment.topics), None)
    stories, titles = [sentiment.story_id or ""], [sentiment.title]
    return Cause.of([sentiment.article_id], stories, topic, titles, [said.entity])
