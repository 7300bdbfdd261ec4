"""Events that a model tells of: of the company that a text is read for, where it is sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tests.article_scorers import LexiconClassifier, article, at, reader
from textwire.models.engines.classifier import Classified
from textwire.sentiment_alerts.messages import EntitySentiment
from textwire.sentiment_alerts.scoring.clauses import MASK

EVENTS = {"recall": 0.6, "strike": 0.8}


class EventClassifier(LexiconClassifier):
    """Sure of a strike where the company itself is said to be out, less so of a recall."""

    def classify(self, texts: Sequence[str]) -> Classified:
        rows = [[0.55, 0.9 if f"{MASK} out" in text else 0.1] for text in texts]
        events = np.array(rows, dtype=np.float32).reshape(len(texts), 2)
        return replace(super().classify(texts), events=events)


def entities(*titles: str) -> dict[str, EntitySentiment]:
    scorer = replace(reader(), classifier=EventClassifier(), events=EVENTS)
    articles = [article(n, at(), title) for n, title in enumerate(titles)]
    return {one.entity: one for read in scorer.read(articles) for one in read.sentiment.entities}


def test_an_event_is_told_of_the_company_to_which_it_happened() -> None:
    found = entities("Northmere out while Solvanta gains")
    assert [(one.event, one.probability) for one in found["Northmere Energy"].events] == [
        ("strike", 0.9)
    ]
    assert found["Solvanta Power"].events == ()


def test_events_of_articles_read_together_are_those_of_each_alone() -> None:
    titles = ("Larkfield slumps", "Northmere out while Solvanta gains", "Brackwell out")
    together = entities(*titles)
    assert together.keys() >= {"Larkfield", "Brackwell Motors"}
    for title in titles:
        for name, one in entities(title).items():
            assert together[name].events == one.events


def test_a_model_without_such_a_head_tells_of_none() -> None:
    read = reader().read([article(1, at(), "Northmere out")])
    assert [one.events for one in read[0].sentiment.entities] == [()]
