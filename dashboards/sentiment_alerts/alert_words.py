"""Alerts in words and cards: how bad, in what state, what was seen where what is usual."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo

from dashboards.markup import Pill, Tone, shortened
from dashboards.rendering import render
from dashboards.wording import counted, full_time, short_time, tenths, time_span
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertKind,
    AlertState,
    Breadth,
    Severity,
    ToneFall,
)

DIGEST_CHARACTERS = 400

UNHANDLED: tuple[AlertState, ...] = ("open", "reopened")
IN_HAND: tuple[AlertState, ...] = ("acknowledged", "snoozed")
SEVERITY_RANK: dict[Severity, int] = {"high": 0, "medium": 1, "low": 2}

SEVERITY_WORDS: dict[Severity, tuple[str, Tone]] = {
    "high": ("High", "bad"),
    "medium": ("Medium", "waiting"),
    "low": ("Low", "quiet"),
}
TITLES: dict[AlertKind, str] = {"silence": "Silence", "market": "The whole market"}
FALLS: tuple[AlertKind, ...] = ("shift", "market")
STATE_WORDS: dict[AlertState, tuple[str, Tone]] = {
    "open": ("Open", "bad"),
    "reopened": ("Re-opened", "bad"),
    "acknowledged": ("Acknowledged", "brand"),
    "snoozed": ("Snoozed", "quiet"),
    "resolved": ("Resolved", "good"),
}


@dataclass(frozen=True)
class StepView:
    """What became of an alert at a time: its state, who changed it, what they noted."""

    words: str
    by: str | None
    at: str
    note: str | None = None


def alert_title(alert: Alert) -> str:
    """What it is about, in words."""
    if alert.kind in TITLES:
        return TITLES[alert.kind]
    about = key_words(alert.entity, alert.topic)
    return f"{about} · {topic_words(alert.rule)}" if alert.rule else about


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
    if alert.kind == "event":
        return f"{counted(alert.observed, 'article')} on an event"
    if alert.fall is not None and alert.breadth is not None:
        return market_words(alert.fall, alert.breadth)
    if alert.fall is not None:
        return fall_words(alert.fall)
    if alert.kind == "silence":
        return f"no article where {tenths(alert.expected)} are usual"
    usual = tenths(alert.expected)
    verb = "is" if usual == "1" else "are"
    seen = counted(alert.observed, "negative article")
    return f"{seen} in {window_words(alert)} where {usual} {verb} usual"


def fall_words(fall: ToneFall) -> str:
    """What fell from what to what: `tone fell from +0.21 to -0.43 over 9 days, 31 articles`."""
    over = f"{counted(fall.days, 'day')}, {counted(fall.articles, 'article')}"
    return f"tone fell from {_signed(fall.before)} to {_signed(fall.after)} over {over}"


def market_words(fall: ToneFall, breadth: Breadth) -> str:
    """The same of all: `tone fell from ... over 3 days; 56% ... negative, 40% usual`."""
    tone = f"tone fell from {_signed(fall.before)} to {_signed(fall.after)}"
    share = f"{breadth.share:.0%} of {fall.articles} companies and stories negative"
    return f"{tone} over {counted(fall.days, 'day')}; {share}, {breadth.usual:.0%} usual"


def _signed(tone: float) -> str:
    return f"{tone:+.2f}".replace("-", "\N{MINUS SIGN}")


def headlines_of(alert: Alert) -> str:
    """The digest without the counts it opens with: the card tells them in the reader's zone."""
    counts, quote, rest = alert.digest.partition("“")
    is_told = alert.kind in FALLS or counts.startswith(f"{alert.observed} ")
    return f"{quote}{rest}" if is_told and rest else alert.digest


def window_words(alert: Alert) -> str:
    """The width of the window: `60 min`, `6 h`."""
    minutes = round((alert.window_end - alert.window_start).total_seconds() / 60)
    return f"{minutes // 60} h" if minutes > 120 and minutes % 60 == 0 else f"{minutes} min"


def severity_pill(alert: Alert) -> Pill:
    """How bad it is."""
    words, tone = SEVERITY_WORDS[alert.severity]
    return Pill(words, tone)


def alert_mark(alert: Alert) -> Pill:
    """A small mark beside a company's name."""
    if alert.state in IN_HAND:
        return Pill(*STATE_WORDS[alert.state])
    return severity_pill(alert)


def state_pill(alert: Alert, zone: tzinfo) -> Pill:
    """Its state; a snooze says until when."""
    words, tone = STATE_WORDS[alert.state]
    if alert.state == "snoozed" and alert.snoozed_until:
        words = f"Snoozed until {full_time(alert.snoozed_until, zone)}"
    return Pill(words, tone)


def alert_card(alert: Alert, zone: tzinfo, sent: str = "") -> str:
    """An alert at a glance.

    Args: sent: what was asked for and has not shown its effect yet.
    """
    words, tone = SEVERITY_WORDS[alert.severity]
    span = time_span(alert.window_start, alert.window_end, zone)
    return render(
        "sentiment_alerts/alert.html",
        severity=Pill(f"{words} severity", tone),
        state=Pill(sent, "brand") if sent else state_pill(alert, zone),
        title=alert_title(alert),
        observed=observed_words(alert),
        digest=shortened(headlines_of(alert), DIGEST_CHARACTERS),
        times=f"{span} · raised {short_time(alert.raised_at, zone)}",
    )


def alert_story(alert: Alert, zone: tzinfo) -> str:
    """An alert in full: its digest and what has become of it, step by step."""
    return render(
        "sentiment_alerts/story.html",
        observed=observed_words(alert),
        beyond="so marked a fall" if alert.kind in FALLS else "so many or more",
        p_value=f"{alert.p_value:.1g}",
        digest=headlines_of(alert),
        steps=_steps(alert, zone),
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


def _steps(alert: Alert, zone: tzinfo) -> list[StepView]:
    changes = alert.changes or ()
    told = [
        StepView(STATE_WORDS[one.state][0], one.by, full_time(one.at, zone), one.note)
        for one in changes
    ]
    if not changes or changes[0].state != "open":
        told.insert(0, StepView(STATE_WORDS["open"][0], None, full_time(alert.raised_at, zone)))
    return told
