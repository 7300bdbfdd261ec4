"""The life of an alert: what the stream sees of it, and what people do about it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.digest import write_digest
from textwire.sentiment_alerts.event_time import Timing, as_moment
from textwire.sentiment_alerts.messages import Alert, AlertAction, AlertChange, AlertState, Severity
from textwire.sentiment_alerts.surges import EntitySeries, SurgeEpisode

# A resolved surge comes back when as many articles again have come.
GROWN_AGAIN = 2


class Handling(msgspec.Struct, frozen=True, kw_only=True):
    """The last thing a person did about a story; void once the story was reopened by the stream."""

    action: Literal["acknowledge", "snooze", "resolve", "reopen"]
    times: int
    observed: int
    until: datetime | None = None


def alert_id(group: EntitySeries, story_number: int, first_cell: int) -> str:
    """The id of a group's n-th alert; the same live and in a backtest.

    Args: first_cell: of the desk, so that one that begins anew does not repeat ids.
    """
    named = f"{group.kind}|{group.name}|{first_cell}|{story_number}"
    return f"alert-{sha256(named.encode()).hexdigest()[:16]}"


def handled(action: AlertAction, story: SurgeEpisode) -> Handling:
    """An action, as what remains of it."""
    return Handling(
        action=action.action, times=story.times, observed=story.observed, until=action.until
    )


def state_of(story: SurgeEpisode, handling: Handling | None, clock: datetime) -> AlertState:
    """What state an alert is in at a moment of the articles' time."""
    if not story.under_way:
        return "resolved"
    if handling is None or handling.times != story.times:
        return "reopened" if story.times else "open"
    if handling.action == "acknowledge":
        return "acknowledged"
    if handling.action == "snooze" and (handling.until is None or clock < handling.until):
        return "snoozed"
    if handling.action == "resolve" and story.observed < GROWN_AGAIN * handling.observed:
        return "resolved"
    return "reopened"


def write_alert(
    group: EntitySeries,
    story: SurgeEpisode,
    id_: str,
    state: AlertState,
    before: Alert | None,
    timing: Timing,
    handling: Handling | None = None,
) -> Alert:
    """The alert of a story; `before` is what it was, if it was there."""
    start, end = timing.start(story.since), timing.start(story.last + 1)
    expected = story.rate.mean * story.exposure
    probability = story.rate.probability(story.observed, story.exposure)
    entity = group.name if group.kind == "company" else None
    topic = story.topic if group.kind == "company" else group.name
    updated_at = _updated_at(story, timing)
    alert = Alert(
        id=id_,
        entity=entity,
        topic=topic,
        kind="negative_surge",
        severity=severity(story.observed, probability),
        state=state,
        window_start=start,
        window_end=end,
        observed=story.observed,
        expected=expected,
        p_value=probability,
        article_ids=tuple(article.article_id for article in story.articles),
        digest=write_digest(
            _about(entity, topic),
            story.observed,
            expected,
            start,
            end,
            [article.title for article in story.articles],
        ),
        raised_at=as_moment(story.raised_ms),
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


def _updated_at(story: SurgeEpisode, timing: Timing) -> datetime:
    if story.ended is not None:
        return timing.start(story.ended + 1)
    latest = max(article.at_ms for article in story.articles)
    return as_moment(max(story.raised_ms, latest))


def _about(entity: str | None, topic: str | None) -> str:
    if entity and topic:
        return f"{entity} ({topic})"
    return entity or f"the topic {topic}"
