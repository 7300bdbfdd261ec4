"""The state of the news desk: how far it has read, what it has counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo

from dashboards.rendering import render
from dashboards.sentiment_alerts.alert_words import unhandled
from dashboards.service_status import presence
from dashboards.tiles import Tile
from dashboards.wording import counted, full_time, percent, seconds, tenths, whole
from textwire.observing.reports import ServiceReport
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import DeskStatus, StoredArticle

SERVICE = "sentiment-alerts"
# Beyond this the news is not today's: a replay, or a source that has dried up.
BEHIND = timedelta(hours=2)


def news_head(
    desk: DeskStatus | None, reports: Sequence[ServiceReport], now: datetime,
    silent_after_s: float, zone: tzinfo,
) -> str:  # fmt: skip
    """The page's title, with how far the news has been read."""
    return render(
        "sentiment_alerts/head.html",
        read_up_to=full_time(desk.watermark, zone) if desk else None,
        behind=_behind(desk, now) if desk else "",
        presence=presence(reports, SERVICE, now, silent_after_s).pill,
    )


def news_tiles(desk: DeskStatus, alerts: Iterable[Alert], companies: int) -> list[Tile]:
    """The desk's counts."""
    waiting = len(unhandled(alerts))
    return [
        Tile(
            "Open alerts", whole(waiting), f"{whole(desk.alerts)} raised so far",
            "bad" if waiting else "quiet",
        ),
        Tile("Articles", whole(desk.articles), "counted so far"),
        Tile("Copies", whole(desk.copies), f"counted once{_of_all(desk)}"),
        Tile("Late", whole(desk.late), "shown, not counted"),
        Tile("Watched", whole(companies), f"companies, {counted(desk.keys, 'curve')}"),
        Tile(
            "False alarms", f"≤ {tenths(desk.false_alarms_per_day)} a day",
            "stated budget, all curves",
        ),
    ]  # fmt: skip


def topics_seen(articles: Iterable[StoredArticle], alerts: Iterable[Alert]) -> list[str]:
    """The topics that articles and alerts are about, by name."""
    named = {topic.topic for stored in articles for topic in stored.sentiment.topics}
    return sorted(named | {alert.topic for alert in alerts if alert.topic})


def _behind(desk: DeskStatus, now: datetime) -> str:
    behind = now - desk.watermark
    if behind < BEHIND:
        return ""
    return f", the articles' own time: {seconds(behind.total_seconds())} behind the clock"


def _of_all(desk: DeskStatus) -> str:
    everything = desk.articles + desk.copies
    return f", {percent(desk.copies / everything)} of all" if desk.copies and everything else ""
