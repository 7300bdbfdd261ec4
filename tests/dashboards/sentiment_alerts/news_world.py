"""The sample news as the services would have left it: counts, articles, alerts, the desk.

What stands in the samples' labels is taken for what a model read, so that no model is needed.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from textwire.results.store import ResultStore
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertChange,
    ArticleSentiment,
    EntitySentiment,
    Sentiment,
    TopicProbability,
)
from textwire.sentiment_alerts.results.records import (
    Cell,
    Company,
    DeskStatus,
    StoredArticle,
    Subject,
    subjects_of,
)
from textwire.sentiment_alerts.results.writing import (
    alert_writes,
    article_writes,
    cell_writes,
    company_writes,
    desk_writes,
)

SAMPLES = Path(__file__).parents[3] / "samples" / "sentiment_alerts"
BEGAN = datetime(2026, 2, 23, tzinfo=UTC)
STEP = timedelta(minutes=15)
WINDOW = timedelta(minutes=60)
SIDES: dict[str, int] = {"negative": -1, "neutral": 0, "positive": 1}


@dataclass(frozen=True)
class World:
    """What was written."""

    watermark: datetime
    articles: list[StoredArticle]
    alerts: list[Alert]


def rows_of(name: str) -> list[dict[str, Any]]:
    """The lines of a sample file."""
    lines = (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def news_world(store: ResultStore, began: datetime = BEGAN, minutes: int = 72 * 60) -> World:
    """Write the first `minutes` of the sample news, as of their end."""
    watermark = began + timedelta(minutes=minutes)
    articles = [read(row, began) for row in rows_of("articles.jsonl") if row["minute"] < minutes]
    articles.sort(key=lambda stored: stored.sentiment.published_at)
    cells = count(articles)
    for stored in articles:
        store.write(article_writes(stored, subjects_of(stored.sentiment)))
    for subject, by_start in cells.items():
        for cell in by_start.values():
            store.write(cell_writes(subject, cell))
    for row in rows_of("watchlist.jsonl"):
        store.write(company_writes(company(row, articles)))
    alerts = [
        found
        for row in rows_of("surges.jsonl")
        if row["to_minute"] < minutes and (found := alert(row, articles, began))
    ]
    for raised in alerts:
        store.write(alert_writes(raised))
    copies = sum(stored.sentiment.copy_of is not None for stored in articles)
    status = DeskStatus(
        watermark=watermark, step_minutes=15, window_minutes=60, articles=len(articles) - copies,
        copies=copies, late=3, keys=len(cells), alerts=len(alerts), false_alarms_per_day=0.2,
    )  # fmt: skip
    store.write(desk_writes(status))
    return World(watermark, articles, alerts)


def read(row: dict[str, Any], began: datetime) -> StoredArticle:
    """An article with its labels as a model's reading."""
    chance = random.Random(row["id"])
    entities = tuple(
        EntitySentiment(entity=name, label=label, text=row["title"], **sureness(label, chance))
        for name, label in row["entities"].items()
    )
    return StoredArticle(
        sentiment=ArticleSentiment(
            article_id=row["id"],
            published_at=began + timedelta(minutes=row["minute"]),
            title=row["title"],
            label=row["label"],
            entities=entities,
            topics=tuple(
                TopicProbability(topic=topic, probability=round(chance.uniform(0.6, 0.98), 2))
                for topic in row["topics"]
            ),
            model="sentiment-20260223-41aa",
            source=row["source"],
            url=row.get("url"),
            copy_of=row.get("copy_of"),
            **sureness(row["label"], chance),
        ),
        excerpt=row.get("body"),
    )


def sureness(label: Sentiment, chance: random.Random) -> dict[str, Any]:
    """A label's probabilities and score."""
    sure = round(chance.uniform(0.62, 0.97), 3)
    rest = round((1 - sure) * chance.uniform(0.5, 0.9), 3)
    others = [name for name in SIDES if name != label]
    odds = {label: sure, others[0]: rest, others[1]: round(1 - sure - rest, 3)}
    score = round(odds["positive"] - odds["negative"], 3)
    return {"score": score, "probabilities": {name: odds[name] for name in SIDES}}


def count(articles: Iterable[StoredArticle]) -> dict[Subject, dict[datetime, Cell]]:
    """The cells of every subject."""
    cells: defaultdict[Subject, dict[datetime, Cell]] = defaultdict(dict)
    for stored in articles:
        read_in = stored.sentiment
        at = read_in.published_at
        start = at - (at - datetime(1970, 1, 1, tzinfo=UTC)) % STEP
        said = {one.entity: one for one in read_in.entities}
        for subject in subjects_of(read_in):
            one = said.get(subject.entity or "", read_in)
            before = cells[subject].get(start, Cell(start=start))
            cells[subject][start] = grown(before, one, read_in)
    return {
        key: {
            start: msgspec.structs.replace(cell, expected=usual(by_start, start))
            for start, cell in by_start.items()
        }
        for key, by_start in cells.items()
    }


def grown(cell: Cell, said: EntitySentiment | ArticleSentiment, read_in: ArticleSentiment) -> Cell:
    """A cell with one more article."""
    if read_in.copy_of:
        return msgspec.structs.replace(cell, copies=cell.copies + 1)
    return msgspec.structs.replace(
        cell,
        score_sum=cell.score_sum + said.score,
        **{said.label: getattr(cell, said.label) + 1},
    )


def usual(by_start: dict[datetime, Cell], start: datetime) -> float:
    """What a baseline might expect: the key's mean, more by day than by night."""
    negative = sum(cell.negative for cell in by_start.values())
    by_day = 1.5 if 7 <= start.hour < 19 else 0.5
    return round(by_day * min(negative, 20) / (72 * 4), 4)


def company(row: dict[str, Any], articles: Iterable[StoredArticle]) -> Company:
    """A company as it was last spoken of."""
    said = [
        (stored.sentiment.published_at, one.score)
        for stored in articles
        for one in stored.sentiment.entities
        if one.entity == row["name"]
    ]
    last = [score for _, score in said[-5:]]
    return Company(
        entity=row["name"],
        ticker=row["ticker"],
        sector=row["sector"],
        last_at=said[-1][0] if said else None,
        last_score=sum(last) / len(last) if last else 0.0,
    )


def alert(row: dict[str, Any], articles: Iterable[StoredArticle], began: datetime) -> Alert | None:
    """The alert that a planted surge raises."""
    end = began + timedelta(minutes=row["to_minute"])
    about = [
        stored.sentiment
        for stored in articles
        if began + timedelta(minutes=row["from_minute"]) <= stored.sentiment.published_at <= end
        and any(
            one.entity == row["entity"] and one.label == "negative"
            for one in stored.sentiment.entities
        )
        and any(topic.topic == row["topic"] for topic in stored.sentiment.topics)
        and not stored.sentiment.copy_of
    ]
    if not about:
        return None
    raised_at = end
    return Alert(
        id=f"a-{row['id']}",
        entity=row["entity"],
        topic=row["topic"],
        kind="surge",
        severity="high" if len(about) > 9 else "medium" if len(about) > 6 else "low",
        state="open",
        window_start=end - WINDOW * 2,
        window_end=end,
        observed=len(about),
        expected=0.4,
        p_value=3.2e-9,
        article_ids=tuple(one.article_id for one in about),
        digest=" · ".join(one.title for one in about[:3]),
        raised_at=raised_at,
        updated_at=raised_at,
        changes=(AlertChange(at=raised_at, state="open"),),
    )
