"""Stories as the page lists them: what several articles tell of, and in which tone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo

from dashboards.rendering import render
from dashboards.sentiment_alerts.sentiment_marks import score_chip
from dashboards.wording import counted, time_span
from textwire.sentiment_alerts.results.records import Story

RECENT = timedelta(hours=24)
# Companies in a row; more are counted in words.
NAMED = 3


def told_most(stories: Iterable[Story], watermark: datetime) -> list[Story]:
    """Those of the last day that came more than once, those with most articles first."""
    recent = [
        one for one in stories if one.articles + one.copies > 1 and one.ends > watermark - RECENT
    ]
    return sorted(recent, key=lambda one: (-one.articles, -one.copies, -one.ends.timestamp()))


def about(stories: Iterable[Story], company: str | None, topic: str | None) -> list[Story]:
    """Those that tell of a company and a topic, where these are chosen."""
    return [
        one
        for one in stories
        if (company is None or company in one.companies) and (topic is None or topic in one.topics)
    ]


def story_row(story: Story, zone: tzinfo, *, chosen: bool) -> str:
    """A story: its first headline, how many tell it, where, and how they speak."""
    score = story.score_sum / story.articles if story.articles else 0.0
    return render(
        "sentiment_alerts/story_row.html",
        title=story.title,
        counts=story_counts(story),
        times=time_span(story.begins, story.ends, zone),
        companies=_named(story),
        score=score_chip(score),
        chosen=chosen,
    )


def story_counts(story: Story) -> str:
    """How many articles tell it, in how many sources: `4 articles, 2 copies · 3 sources`."""
    parts = [counted(story.articles, "article")]
    if story.copies:
        parts.append(counted(story.copies, "copy", "copies"))
    sources = f" · {counted(len(story.sources), 'source')}" if story.sources else ""
    return f"{', '.join(parts)}{sources}"


def _named(story: Story) -> str:
    names = list(story.companies)
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"
