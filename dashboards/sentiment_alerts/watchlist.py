"""The watchlist: which companies need looking at, and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboards.rendering import render
from dashboards.sentiment_alerts.alert_words import IN_HAND, SEVERITY_RANK, UNHANDLED, alert_mark
from dashboards.sentiment_alerts.event_time import Gathered
from dashboards.sentiment_alerts.sentiment_marks import SIGNS, Chip, score_chip
from dashboards.sentiment_alerts.sparkline import sparkline
from dashboards.wording import NONE_YET, counted, whole
from textwire.sentiment_alerts.messages import SENTIMENTS, Alert
from textwire.sentiment_alerts.results.records import Company

RECENT = timedelta(hours=24)
QUIET = len(SEVERITY_RANK) + len(IN_HAND)


@dataclass(frozen=True)
class WatchlistRow:
    """A company with the alerts about it that are not resolved, the most pressing first."""

    company: Company
    alerts: tuple[Alert, ...] = ()


@dataclass(frozen=True)
class CountsView:
    """A company's articles by sentiment, and all of them."""

    words: str
    parts: tuple[Chip, ...]
    articles: str


def watched(companies: Iterable[Company], alerts: Iterable[Alert]) -> list[WatchlistRow]:
    """Each company with its alerts."""
    about: dict[str, list[Alert]] = {}
    for alert in alerts:
        if alert.entity and alert.state != "resolved":
            about.setdefault(alert.entity, []).append(alert)
    return [
        WatchlistRow(company, tuple(sorted(about.get(company.entity, ()), key=_pressing)))
        for company in companies
    ]


def by_attention(rows: Iterable[WatchlistRow], watermark: datetime) -> list[WatchlistRow]:
    """Alerts that nobody has taken first, then those in hand, then who was last spoken ill of.

    A company that was not mentioned within a day comes after all that were.
    """

    def key(row: WatchlistRow) -> tuple[int, bool, float, str]:
        pressing = min((_pressing(alert) for alert in row.alerts), default=QUIET)
        last_at = row.company.last_at
        stale = last_at is None or last_at <= watermark - RECENT
        return pressing, stale, 0.0 if stale else row.company.last_score, row.company.entity

    return sorted(rows, key=key)


def matching(rows: Sequence[WatchlistRow], sought: str) -> list[WatchlistRow]:
    """Those whose name, ticker or sector hold every word that is sought."""
    words = sought.casefold().split()
    return [row for row in rows if all(word in _searched(row.company) for word in words)]


def watchlist_head() -> str:
    """The names of the columns."""
    return render("sentiment_alerts/watchlist_head.html")


def watchlist_row(row: WatchlistRow, steps: Sequence[Gathered], chosen: bool) -> str:
    """A company: its name, its last day, its score now, its counts, and whether it is on alert."""
    company = row.company
    under = " · ".join(part for part in (company.ticker, company.sector) if part)
    return render(
        "sentiment_alerts/watchlist_row.html",
        name=company.entity,
        under=under or NONE_YET,
        mark=alert_mark(row.alerts[0]) if row.alerts else None,
        spark=sparkline(steps),
        now=score_chip(company.last_score) if company.last_at else None,
        none_yet=NONE_YET,
        counts=_counts(steps),
        chosen=chosen,
    )


def _counts(steps: Sequence[Gathered]) -> CountsView:
    totals = {label: sum(getattr(step, label) for step in steps) for label in SENTIMENTS}
    return CountsView(
        words=", ".join(f"{totals[label]} {label}" for label in SENTIMENTS),
        parts=tuple(Chip(label, f"{SIGNS[label]}{whole(totals[label])}") for label in SENTIMENTS),
        articles=counted(sum(totals.values()), "article"),
    )


def _pressing(alert: Alert) -> int:
    if alert.state in UNHANDLED:
        return SEVERITY_RANK[alert.severity]
    return len(SEVERITY_RANK) + IN_HAND.index(alert.state)


def _searched(company: Company) -> str:
    return " ".join(filter(None, (company.entity, company.ticker, company.sector))).casefold()
