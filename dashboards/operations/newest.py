"""The newest results of each application, as tables for Operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards.markup import Pill
from dashboards.rendering import render
from dashboards.sentiment_alerts.alert_words import (
    alert_title,
    observed_words,
    severity_pill,
    state_pill,
)
from dashboards.wording import NONE_YET, age, chance_words, clock_time, counted, day_time
from textwire.recommendations.messages import Item, ScoredList
from textwire.sentiment_alerts.messages import Alert


@dataclass(frozen=True)
class AlertRow:
    """An alert as a line."""

    raised: str
    about: str
    severity: Pill
    state: Pill
    seen: str


@dataclass(frozen=True)
class ListRow:
    """A shopper's last list as a line; of one who has none, only who it is."""

    user_id: str
    scored: bool = False
    at: str = ""
    age: str = ""
    title: str = ""
    reason: str | None = None
    score: str = ""
    items: str = ""
    model: str = ""


def alert_table(alerts: Sequence[Alert], zone: tzinfo) -> str:
    """The newest alerts, newest first; when they were raised is in the articles' own time."""
    rows = [_alert_row(alert, zone) for alert in alerts]
    return render("operations/alerts.html", rows=rows)


def list_table(
    users: Sequence[str],
    lists: Mapping[str, ScoredList],
    items: Mapping[str, Item],
    now: datetime,
    zone: tzinfo,
) -> str:
    """The last list of each user who was active, with its best item."""
    rows = [
        _list_row(lists[user], items, now, zone) if user in lists else ListRow(user)
        for user in users
    ]
    return render("operations/lists.html", rows=rows, none_yet=NONE_YET)


def _alert_row(alert: Alert, zone: tzinfo) -> AlertRow:
    return AlertRow(
        raised=day_time(alert.raised_at, zone),
        about=alert_title(alert),
        severity=severity_pill(alert),
        state=state_pill(alert, zone),
        seen=observed_words(alert),
    )


def _list_row(
    scored: ScoredList, items: Mapping[str, Item], now: datetime, zone: tzinfo
) -> ListRow:
    best = scored.scores[0] if scored.scores else None
    item = items.get(best.item_id) if best else None
    return ListRow(
        user_id=scored.user_id,
        scored=True,
        at=clock_time(scored.scored_at, zone),
        age=age(now - scored.scored_at),
        title=item.title if item else best.item_id if best else "nothing to offer",
        reason=best.reason if best else None,
        score=chance_words(best.score) if best else NONE_YET,
        items=counted(len(scored.scores), "item"),
        model=scored.model or NONE_YET,
    )
