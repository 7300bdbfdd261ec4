"""Companies and topics by one kind of name: `company:Northmere`, `topic:strikes`."""

from __future__ import annotations

from textwire.sentiment_alerts.messages import Alert, ArticleSentiment
from textwire.sentiment_alerts.surges.pooled_baseline import Kind
from textwire.sentiment_alerts.surges.series import EntitySeries

SHIFT = "shift:"  # the alert on a company's or topic's tone, by the name of that
MARKET = "market:"  # the alert on the tone of all together


def company(of: str) -> str:
    """A company's."""
    return f"company:{of}"


def topic(of: str) -> str:
    """A topic's."""
    return f"topic:{of}"


def of_alert(alert: Alert) -> str:
    """Of what an alert is about: its company, or else its topic."""
    return company(alert.entity) if alert.entity else topic(alert.topic or "")


def named_in(sentiment: ArticleSentiment) -> list[str]:
    """Those of an article's companies and topics."""
    companies = [company(one.entity) for one in sentiment.entities]
    return companies + [topic(one.topic) for one in sentiment.topics]


def empty_series(name: str) -> EntitySeries:
    """Of one that is named for the first time."""
    prefix, _, of = name.partition(":")
    kind: Kind = "company" if prefix == "company" else "topic"
    return EntitySeries(name=of, kind=kind, keys={})
