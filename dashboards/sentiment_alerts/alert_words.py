"""Alerts in words and cards: how bad, in what state, what was seen where what is usual."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo

from dashboards.markup import Tone, pill, plain, shortened
from dashboards.wording import counted, full_time, short_time, tenths, time_span
from textwire.sentiment_alerts.messages import Alert, AlertState, Severity

DIGEST_CHARACTERS = 400

UNHANDLED: tuple[AlertState, ...] = ("open", "reopened")
IN_HAND: tuple[AlertState, ...] = ("acknowledged", "snoozed")
SEVERITY_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}

SEVERITY_WORDS: dict[Severity, tuple[str, Tone]] = {
    "high": ("High", "bad"),
    "medium": ("Medium", "waiting"),
    "low": ("Low", "quiet"),
}
STATE_WORDS: dict[AlertState, tuple[str, Tone]] = {
    "open": ("Open", "bad"),
    "reopened": ("Re-opened", "bad"),
    "acknowledged": ("Acknowledged", "brand"),
    "snoozed": ("Snoozed", "quiet"),
    "resolved": ("Resolved", "good"),
}


def alert_title(alert: Alert) -> str:
    """What it is about, in words."""
    return key_words(alert.entity, alert.topic)


def key_words(entity: str | None, topic: str | None) -> str:
    """A company, a topic, or both: `Orvelle Software · Cyber`."""
    parts = [entity, topic_words(topic) if topic else None]
    return " · ".join(part for part in parts if part) or "All news"


def topic_words(topic: str) -> str:
    """A topic's name as a title: `supply_chain` is `Supply chain`."""
    words = topic.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def observed_words(alert: Alert) -> str:
    """What was seen where what is usual: `12 negative articles in 60 min where 0.8 are usual`."""
    usual = tenths(alert.expected)
    verb = "is" if usual == "1" else "are"
    seen = counted(alert.observed, "negative article")
    return f"{seen} in {window_words(alert)} where {usual} {verb} usual"


def headlines_of(alert: Alert) -> str:
    """The digest without the counts it opens with: the card tells them in the reader's zone."""
    counts, quote, rest = alert.digest.partition("“")
    return f"{quote}{rest}" if counts.startswith(f"{alert.observed} ") and rest else alert.digest


def window_words(alert: Alert) -> str:
    """The width of the window: `60 min`, `6 h`."""
    minutes = round((alert.window_end - alert.window_start).total_seconds() / 60)
    return f"{minutes // 60} h" if minutes > 120 and minutes % 60 == 0 else f"{minutes} min"


def alert_mark(alert: Alert) -> str:
    """A small mark beside a company's name."""
    words, tone = SEVERITY_WORDS[alert.severity]
    if alert.state in IN_HAND:
        words, tone = STATE_WORDS[alert.state]
    return pill(words, tone)


def state_pill(alert: Alert, zone: tzinfo) -> str:
    """Its state; a snooze says until when."""
    words, tone = STATE_WORDS[alert.state]
    if alert.state == "snoozed" and alert.snoozed_until:
        words = f"Snoozed until {full_time(alert.snoozed_until, zone)}"
    return pill(words, tone)


def alert_card(alert: Alert, zone: tzinfo, sent: str = "") -> str:
    """An alert at a glance.

    Args: sent: what was asked for and has not shown its effect yet.
    """
    words, tone = SEVERITY_WORDS[alert.severity]
    state = pill(sent, "brand") if sent else state_pill(alert, zone)
    return (
        f'<div class="tw-alert tw-{tone}"><div class="tw-alert-head">'
        f"{pill(f'{words} severity', tone)}{state}</div>"
        f"<h3>{plain(alert_title(alert))}</h3>"
        f'<p class="tw-observed">{plain(observed_words(alert))}</p>'
        f'<p class="tw-digest">{plain(shortened(headlines_of(alert), DIGEST_CHARACTERS))}</p>'
        f'<div class="tw-meta">{time_span(alert.window_start, alert.window_end, zone)}'
        f" · raised {short_time(alert.raised_at, zone)}</div></div>"
    )


def alert_story(alert: Alert, zone: tzinfo) -> str:
    """An alert in full: its digest and what has become of it, step by step."""
    steps = "".join(f"<li>{step}</li>" for step in _steps(alert, zone))
    return (
        f'<div class="tw-story"><p class="tw-observed">{plain(observed_words(alert))}'
        f" <span>(so many or more: p = {alert.p_value:.1g})</span></p>"
        f"<p>{plain(headlines_of(alert))}</p><ol>{steps}</ol></div>"
    )


def unhandled(alerts: Iterable[Alert]) -> list[Alert]:
    """Alerts that nobody has taken."""
    return [alert for alert in alerts if alert.state in UNHANDLED]


def in_order(alerts: Iterable[Alert]) -> list[Alert]:
    """Those nobody has taken first, the severest of them first, the newest of those first."""

    def key(alert: Alert) -> tuple[bool, bool, int, float, str]:
        waits = alert.state in UNHANDLED
        severity = SEVERITY_RANK[alert.severity] if waits else 0
        newest = -alert.raised_at.timestamp()
        return not waits, alert.state == "resolved", severity, newest, alert.id

    return sorted(alerts, key=key)


def _steps(alert: Alert, zone: tzinfo) -> list[str]:
    changes = alert.changes or ()
    told = [_step(change.state, change.at, change.by, change.note, zone) for change in changes]
    if not changes or changes[0].state != "open":
        told.insert(0, _step("open", alert.raised_at, None, None, zone))
    return told


def _step(state: AlertState, at: datetime, by: str | None, note: str | None, zone: tzinfo) -> str:
    words, _ = STATE_WORDS[state]
    who = f" by {plain(by)}" if by else ""
    said = f": {plain(note)}" if note else ""
    return f"<strong>{words}</strong>{who}, {full_time(at, zone)}{said}"
