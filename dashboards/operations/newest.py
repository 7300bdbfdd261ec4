"""The newest results of each application, as tables for Operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from dashboards.markup import pill, plain, table
from dashboards.sentiment_alerts.alert_words import (
    SEVERITY_WORDS,
    alert_title,
    observed_words,
    state_pill,
)
from dashboards.wording import NONE_YET, age, clock_time, counted, day_time, fine_percent
from textwire.recommendations.messages import Item, ScoredList
from textwire.sentiment_alerts.messages import Alert


def alert_table(alerts: Sequence[Alert], zone: tzinfo) -> str:
    """The newest alerts, newest first; when they were raised is in the articles' own time."""
    return table(
        ("Raised", "About", "Severity", "State", "Seen"),
        [_alert_row(alert, zone) for alert in alerts],
        "tw-alerts",
    )


def list_table(
    users: Sequence[str],
    lists: Mapping[str, ScoredList],
    items: Mapping[str, Item],
    now: datetime,
    zone: tzinfo,
) -> str:
    """The last list of each user who was active, with its best item."""
    return table(
        ("When", "Shopper", "First offer", ">Score", ">Items", "Model"),
        [
            _list_row(lists[user], items, now, zone)
            if user in lists
            else [NONE_YET, plain(user), "no list yet", NONE_YET, NONE_YET, NONE_YET]
            for user in users
        ],
        "tw-lists",
    )


def _alert_row(alert: Alert, zone: tzinfo) -> list[str]:
    words, tone = SEVERITY_WORDS[alert.severity]
    return [
        day_time(alert.raised_at, zone),
        f"<strong>{plain(alert_title(alert))}</strong>",
        pill(words, tone),
        state_pill(alert, zone),
        plain(observed_words(alert)),
    ]


def _list_row(
    scored: ScoredList, items: Mapping[str, Item], now: datetime, zone: tzinfo
) -> list[str]:
    best = scored.scores[0] if scored.scores else None
    item = items.get(best.item_id) if best else None
    title = item.title if item else best.item_id if best else "nothing to offer"
    reason = f"<small>{plain(best.reason)}</small>" if best else ""
    return [
        f"{clock_time(scored.scored_at, zone)}<small>{age(now - scored.scored_at)}</small>",
        plain(scored.user_id),
        f'<span class="tw-excerpt">{plain(title)}{reason}</span>',
        fine_percent(best.score) if best else NONE_YET,
        counted(len(scored.scores), "item"),
        f'<span class="tw-model">{plain(scored.model) or NONE_YET}</span>',
    ]
