"""Alerts, stories and curves as tables that other programs read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from dashboards.sentiment_alerts.event_time import Gathered
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.records import Audited, Story, Subject

ALERT_COLUMNS = (
    *("id", "raised_at", "kind", "rule", "entity", "topic", "severity", "state", "observed"),
    *("expected", "updated_at", "digest", "incident_id"),
)
AUDIT_COLUMNS = ("at", "by", "action", "entity", "topic", "before", "after", "note", "alert_id")
# A cell that begins so is a formula to a spreadsheet, and alerts quote what others wrote.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class CurveRow:
    """What a company, a topic or both have in one step of the curves; times as ISO 8601."""

    entity: str | None
    topic: str | None
    begins: str
    ends: str
    negative: int
    neutral: int
    positive: int
    score: float | None  # the mean of its articles'
    usual_negative: float | None


@dataclass(frozen=True)
class StoryRow:
    """A story; several companies, topics and sources stand apart by `|`."""

    id: str
    title: str
    begins: datetime
    ends: datetime
    articles: int
    copies: int
    sources: str
    companies: str
    topics: str
    score: float | None  # the mean of its articles'


def alerts_csv(alerts: Iterable[Alert]) -> str:
    """All alerts, a row each."""
    return _csv(ALERT_COLUMNS, alerts)


def audit_csv(audited: Iterable[Audited]) -> str:
    """Who did what, a row each."""
    return _csv(AUDIT_COLUMNS, audited)


def stories_csv(stories: Iterable[Story]) -> str:
    """Stories, a row each."""
    return _csv([one.name for one in fields(StoryRow)], map(_story_row, stories))


def curves_csv(steps: Iterable[Gathered], subject: Subject) -> str:
    """The curves of a company, a topic or both as they are shown, a step a row."""
    return _csv([one.name for one in fields(CurveRow)], (_curve_row(one, subject) for one in steps))


def _curve_row(step: Gathered, subject: Subject) -> CurveRow:
    return CurveRow(
        entity=subject.entity,
        topic=subject.topic,
        begins=step.start.isoformat(),
        ends=step.end.isoformat(),
        negative=step.negative,
        neutral=step.neutral,
        positive=step.positive,
        score=None if step.score is None else round(step.score, 4),
        usual_negative=None if step.expected is None else round(step.expected, 4),
    )


def _story_row(story: Story) -> StoryRow:
    return StoryRow(
        id=story.id,
        title=story.title,
        begins=story.begins,
        ends=story.ends,
        articles=story.articles,
        copies=story.copies,
        sources="|".join(story.sources),
        companies="|".join(story.companies),
        topics="|".join(story.topics),
        score=round(story.score_sum / story.articles, 3) if story.articles else None,
    )


def _csv(columns: Iterable[str], rows: Iterable[object]) -> str:
    written, names = io.StringIO(), list(columns)
    table = csv.writer(written)
    table.writerow(names)
    table.writerows([_cell(getattr(row, name)) for name in names] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA) else text
