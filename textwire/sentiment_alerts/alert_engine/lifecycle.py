"""The life of an alert: what the stream sees of it, and what people do about it.

A surge that tips, and is an event of its own, opens an alert; so does an article that a rule waits
for, a tone that has fallen, and a silence. What people can do, by the state that it is in:

                    acknowledge    snooze     resolve    reopen
    open            acknowledged   snoozed    resolved   .
    acknowledged    .              snoozed    resolved   reopened
    snoozed         acknowledged   snoozed    resolved   reopened
    resolved        .              .          .          reopened
    reopened        acknowledged   snoozed    resolved   .

and what the stream makes of it:

                    its time comes   it grows graver   the surge ends   the surge tips again
    open            .                .                 resolved         .
    acknowledged    .                .                 resolved         .
    snoozed         reopened         reopened          resolved         .
    resolved        reopened         .                 .                reopened
    reopened        .                .                 resolved         .

An action that the first table has no state for changes nothing, nor does a snooze into the past.
The time of a snoozed alert comes at its `until`, in the articles' time; that of one which a person
resolved comes when twice as many articles have come as there were then. A snooze outlives the end
of its surge: one that tips again before `until` is snoozed again, unless it is graver than it was.
Anything else that a person did is void then. An alert that turns out to be part of another's event,
or to be none, is withdrawn: resolved once more, and gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.digest import write_digest
from textwire.sentiment_alerts.alert_rules import LEVELS, AlertRules
from textwire.sentiment_alerts.event_time import Timing, moment_of
from textwire.sentiment_alerts.messages import (
    ActionKind,
    Alert,
    AlertAction,
    AlertChange,
    AlertState,
    Severity,
    Transition,
)
from textwire.sentiment_alerts.surges.series import EntitySeries, SurgeEpisode

# A resolved surge comes back when as many articles again have come.
GROWN_AGAIN = 2
NAMED_STORIES = 5
BY_A_PERSON: dict[ActionKind, AlertState] = {
    "acknowledge": "acknowledged",
    "snooze": "snoozed",
    "resolve": "resolved",
    "reopen": "reopened",
}
POSSIBLE: dict[AlertState, tuple[ActionKind, ...]] = {
    "open": ("acknowledge", "snooze", "resolve"),
    "acknowledged": ("snooze", "resolve", "reopen"),
    "snoozed": ("acknowledge", "snooze", "resolve", "reopen"),
    "resolved": ("reopen",),
    "reopened": ("acknowledge", "snooze", "resolve"),
}


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The last thing a person did about an alert, and how that stood then."""

    action: ActionKind
    times: int
    observed: int
    severity: Severity = "low"
    until: datetime | None = None


def alert_id(series: EntitySeries, episode_number: int, first_cell: int) -> str:
    """The id of a series's n-th alert; the same live and in a backtest.

    Args: first_cell: of the engine, so that one that begins anew does not repeat ids.
    """
    named = f"{series.kind}|{series.name}|{first_cell}|{episode_number}"
    return f"alert-{sha256(named.encode()).hexdigest()[:16]}"


def handled(action: AlertAction, alert: Alert, times: int = 0) -> Handling:
    """An action, as what remains of it. Args: times: how often the surge was reopened by then."""
    return Handling(
        action=action.action,
        times=times,
        observed=alert.observed,
        severity=alert.severity,
        until=action.until,
    )


def refusal(alert: Alert, action: AlertAction, clock: datetime) -> str | None:
    """Why an action changes nothing; None where it is possible."""
    if action.action not in POSSIBLE[alert.state]:
        return f"it is {alert.state}, where one can {' or '.join(POSSIBLE[alert.state])}"
    if action.action == "snooze" and (action.until is None or action.until <= clock):
        return f"the news have come to {clock:%Y-%m-%d %H:%M} UTC, and the snooze is over by then"
    return None


def state_of(
    episode: SurgeEpisode, handling: Handling | None, clock: datetime, severity: Severity = "low"
) -> AlertState:
    """What state a surge's alert is in at a moment of the articles' time."""
    if not episode.under_way:
        return "resolved"
    if handling is not None and handling.action == "snooze":
        if is_snoozed(handling, severity, clock):
            return "snoozed"
        return "reopened"
    if handling is None or handling.times != episode.times:
        return "reopened" if episode.times else "open"
    if handling.action == "acknowledge":
        return "acknowledged"
    if handling.action == "resolve" and episode.observed < GROWN_AGAIN * handling.observed:
        return "resolved"
    return "reopened"


def is_snoozed(handling: Handling, severity: Severity, clock: datetime) -> bool:
    """Whether a snooze lasts: until its end, unless the alert has grown graver."""
    graver = LEVELS.index(severity) > LEVELS.index(handling.severity)
    return not graver and (handling.until is None or clock < handling.until)


def acted(alert: Alert, action: AlertAction, at: datetime) -> Alert:
    """The alert after what a person did about it."""
    change = AlertChange(at=at, state=BY_A_PERSON[action.action], by=action.by, note=action.note)
    until = action.until if action.action == "snooze" else None
    return replace(changed(alert, change), snoozed_until=until)


def told(before: Alert | None, after: Alert) -> Alert:
    """An alert as the stream is told of it: numbered, and with what is new of it."""
    version = 1 if before is None else before.version + 1
    return replace(after, version=version, transition=_transition(before, after))


def _transition(before: Alert | None, after: Alert) -> Transition:
    if before is None or after.state == "open" != before.state:
        return "opened"
    if before.state != after.state and after.state != "open":
        return after.state
    if LEVELS.index(after.severity) > LEVELS.index(before.severity):
        return "escalated"
    return "updated"


def write_alert(
    series: EntitySeries,
    episode: SurgeEpisode,
    id_: str,
    state: AlertState,
    before: Alert | None,
    timing: Timing,
    handling: Handling | None = None,
    severity: Severity = "low",
) -> Alert:
    """The alert of an episode; `before` is what it was, if it was there."""
    start, end = timing.start(episode.since), timing.start(episode.last + 1)
    expected = episode.rate.mean * episode.exposure
    probability = episode.rate.probability(episode.observed, episode.exposure)
    entity = series.name if series.kind == "company" else None
    topic = episode.topic if series.kind == "company" else series.name
    updated_at = _updated_at(episode, timing)
    alert = Alert(
        id=id_,
        entity=entity,
        topic=topic,
        version=before.version if before else 0,
        kind="surge",
        severity=severity,
        state=state,
        window_start=start,
        window_end=end,
        observed=episode.observed,
        expected=expected,
        p_value=probability,
        article_ids=tuple(article.article_id for article in episode.articles),
        digest=write_digest(
            _about(entity, topic),
            episode.observed,
            expected,
            start,
            end,
            [article.title for article in episode.articles],
        ),
        raised_at=moment_of(episode.raised_ms),
        updated_at=max(before.updated_at, updated_at) if before else updated_at,
        snoozed_until=handling.until if handling and state == "snoozed" else None,
        changes=before.changes if before else (),
        story_ids=most_told(article.story_id for article in episode.articles),
        incident_id=before.incident_id if before else None,
    )
    if before is not None and before.state == state:
        return alert
    return changed(alert, AlertChange(at=alert.updated_at, state=state))


def changed(alert: Alert, change: AlertChange) -> Alert:
    """The alert after one more step."""
    return replace(
        alert,
        state=change.state,
        changes=(*alert.changes, change),
        updated_at=max(alert.updated_at, change.at),
    )


def most_told(story_ids: Iterable[str]) -> tuple[str, ...]:
    """The stories of an alert's articles, the one of most of them first."""
    counts = Counter(story_id for story_id in story_ids if story_id)
    return tuple(story_id for story_id, _ in counts.most_common(NAMED_STORIES))


def surge_severity(series: EntitySeries, episode: SurgeEpisode, rules: AlertRules) -> Severity:
    """How grave a surge is: by how many articles, how improbable they are, and what they say."""
    probability = episode.rate.probability(episode.observed, episode.exposure)
    level = max((article.gravity for article in episode.articles), default=0)
    if episode.observed >= 6 and probability < 1e-6:
        level = max(level, 1)
    if episode.observed >= 10 and probability < 1e-9:
        level = max(level, 2)
    company = series.name if series.kind == "company" else None
    return rules.severity.level(level, company, (article.source for article in episode.articles))


def _updated_at(episode: SurgeEpisode, timing: Timing) -> datetime:
    if episode.ended is not None:
        return timing.start(episode.ended + 1)
    latest = max(article.at_ms for article in episode.articles)
    return moment_of(max(episode.raised_ms, latest))


def _about(entity: str | None, topic: str | None) -> str:
    if entity and topic:
        return f"{entity} ({topic})"
    return entity or f"the topic {topic}"
