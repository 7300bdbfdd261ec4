"""The life of an alert: what the stream sees of it, and what people do about it.

A surge that tips, and is an event of its own, opens an alert. In any state a person can

    acknowledge ──▶ acknowledged   snooze ──▶ snoozed   resolve ──▶ resolved   reopen ──▶ reopened

and the stream moves it, by what comes, from the state on the left:

                    its time comes   the surge ends   the surge tips again
    open            .                resolved         .
    acknowledged    .                resolved         .
    snoozed         reopened         resolved         .
    resolved        reopened         .                reopened
    reopened        .                resolved         .

The time of a snoozed alert comes at its `until`, in the articles' time; that of one which a person
resolved comes when twice as many articles have come as there were then. What a person did is void
once the surge has ended and tips again. An alert that turns out to be part of another's event is
withdrawn: resolved once more, and gone.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.digest import write_digest
from textwire.sentiment_alerts.event_time import Timing, moment_of
from textwire.sentiment_alerts.messages import (
    ActionKind,
    Alert,
    AlertAction,
    AlertChange,
    AlertState,
    Severity,
)
from textwire.sentiment_alerts.surges import EntitySeries, SurgeEpisode

# A resolved surge comes back when as many articles again have come.
GROWN_AGAIN = 2
BY_A_PERSON: dict[ActionKind, AlertState] = {
    "acknowledge": "acknowledged",
    "snooze": "snoozed",
    "resolve": "resolved",
    "reopen": "reopened",
}


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The last thing a person did about an episode; void once the stream has reopened it."""

    action: ActionKind
    times: int
    observed: int
    until: datetime | None = None


def alert_id(series: EntitySeries, episode_number: int, first_cell: int) -> str:
    """The id of a series's n-th alert; the same live and in a backtest.

    Args: first_cell: of the engine, so that one that begins anew does not repeat ids.
    """
    named = f"{series.kind}|{series.name}|{first_cell}|{episode_number}"
    return f"alert-{sha256(named.encode()).hexdigest()[:16]}"


def handled(action: AlertAction, episode: SurgeEpisode) -> Handling:
    """An action, as what remains of it."""
    return Handling(
        action=action.action, times=episode.times, observed=episode.observed, until=action.until
    )


def state_of(episode: SurgeEpisode, handling: Handling | None, clock: datetime) -> AlertState:
    """What state an alert is in at a moment of the articles' time."""
    if not episode.under_way:
        return "resolved"
    if handling is None or handling.times != episode.times:
        return "reopened" if episode.times else "open"
    if handling.action == "acknowledge":
        return "acknowledged"
    if handling.action == "snooze" and (handling.until is None or clock < handling.until):
        return "snoozed"
    if handling.action == "resolve" and episode.observed < GROWN_AGAIN * handling.observed:
        return "resolved"
    return "reopened"


def acted(alert: Alert, action: AlertAction, at: datetime) -> Alert:
    """The alert after what a person did about it."""
    change = AlertChange(at=at, state=BY_A_PERSON[action.action], by=action.by, note=action.note)
    until = action.until if action.action == "snooze" else None
    return replace(changed(alert, change), snoozed_until=until)


def write_alert(
    series: EntitySeries,
    episode: SurgeEpisode,
    id_: str,
    state: AlertState,
    before: Alert | None,
    timing: Timing,
    handling: Handling | None = None,
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
        kind="negative_surge",
        severity=severity(episode.observed, probability),
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


def severity(observed: int, probability: float) -> Severity:
    """How grave it is: by how many articles, and how improbable they are."""
    if observed >= 10 and probability < 1e-9:
        return "high"
    if observed >= 6 and probability < 1e-6:
        return "medium"
    return "low"


def _updated_at(episode: SurgeEpisode, timing: Timing) -> datetime:
    if episode.ended is not None:
        return timing.start(episode.ended + 1)
    latest = max(article.at_ms for article in episode.articles)
    return moment_of(max(episode.raised_ms, latest))


def _about(entity: str | None, topic: str | None) -> str:
    if entity and topic:
        return f"{entity} ({topic})"
    return entity or f"the topic {topic}"
