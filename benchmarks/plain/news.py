"""Articles to their sentiment and that of each company named; an alert at the fifth in an hour."""

from __future__ import annotations

import json
import os
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.news import TASK, WATCHLIST
from benchmarks.plain.classifier import PlainClassifier
from benchmarks.plain.loop import Handle, Publish, serve

SURGE = 5
WITHIN = timedelta(hours=1)
QUIET_AFTER = timedelta(hours=6)
TOPIC_THRESHOLD = 0.5


class Counts:
    """Negative articles by company."""

    def __init__(self) -> None:
        """None yet."""
        self._times: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._raised: dict[str, datetime] = {}

    def tips(self, company: str, at: datetime) -> bool:
        """Count a negative article; whether it makes a surge."""
        times = self._times[company]
        times.append(at)
        while times[0] < at - WITHIN:
            times.popleft()
        raised = self._raised.get(company)
        if len(times) < SURGE or (raised and at - raised < QUIET_AFTER):
            return False
        self._raised[company] = at
        return True


def prepare() -> Handle:
    classifier = PlainClassifier(TASK)
    lines = Path(os.environ[WATCHLIST]).read_text("utf-8").splitlines()
    companies = [json.loads(line)["name"] for line in lines]
    counts = Counts()

    def read(records: Sequence[Any], publish: Publish) -> None:
        articles = [json.loads(record.value) for record in records]
        texts = ["\n".join(filter(None, (a["title"], a.get("body")))) for a in articles]
        named = [[name for name in companies if name in text] for text in texts]
        targets = [
            f"{name}: {a['title']}"
            for a, some in zip(articles, named, strict=True)
            for name in some
        ]
        labels, topics = classifier.classify([*texts, *targets])
        of_targets = iter(labels[len(texts) :])
        for number, article in enumerate(articles):
            entities = [
                {"entity": name, **tone(next(of_targets), classifier.labels)}
                for name in named[number]
            ]
            message = {
                "article_id": article["id"],
                "published_at": article["published_at"],
                "title": article["title"],
                **tone(labels[number], classifier.labels),
                "entities": entities,
                "topics": [
                    {"topic": topic, "probability": float(p)}
                    for topic, p in zip(classifier.topics, topics[number], strict=True)
                    if p >= TOPIC_THRESHOLD
                ],
                "model": "plain",
            }
            publish("news.sentiment", article["id"], message)
            raise_alerts(article, entities, counts, publish)

    return read


def tone(row: Any, labels: Sequence[str]) -> dict[str, Any]:
    probabilities = {label: float(p) for label, p in zip(labels, row, strict=True)}
    return {
        "label": max(probabilities, key=lambda label: probabilities[label]),
        "score": probabilities["positive"] - probabilities["negative"],
        "probabilities": probabilities,
    }


def raise_alerts(
    article: dict[str, Any], entities: Sequence[dict[str, Any]], counts: Counts, publish: Publish
) -> None:
    at = datetime.fromisoformat(article["published_at"])
    for one in entities:
        if one["label"] == "negative" and counts.tips(one["entity"], at):
            alert = {
                "id": f"{one['entity']}-{article['id']}",
                "entity": one["entity"],
                "topic": None,
                "raised_at": article["published_at"],
                "article_ids": [article["id"]],
            }
            publish("news.alerts", one["entity"], alert)


if __name__ == "__main__":
    serve("plain-news", ["news.articles"], prepare)
