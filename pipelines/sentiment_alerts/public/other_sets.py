"""Sets that are judged on and never learned from: posts of FiQA, headlines about gold."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.rows import LABELS
from textwire.errors import DataError
from textwire.sentiment_alerts.messages import Sentiment
from textwire.undecodable import NOT_DECODABLE

# Scores of FiQA lie between -1 and 1, and hardly any is 0.
NEUTRAL_BAND = 0.1


class Post(msgspec.Struct, frozen=True):
    """A post with how it speaks of its target."""

    sentence: str
    target: str
    sentiment_score: float


def read_fiqa_posts(folder: Path) -> list[LabelledArticle]:
    """Posts with the tone for their target (Maia et al. 2018, FiQA).

    Raises: DataError: the file is not there, or is another.
    """
    path = folder / "fiqa_posts" / "fiqa_posts.jsonl"
    try:
        lines = b",".join(path.read_bytes().splitlines())
        posts = msgspec.json.decode(b"[" + lines + b"]", type=list[Post])
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(f"{path} cannot be read as posts of FiQA ({error}).") from error
    return [
        LabelledArticle(p.sentence, None, None, entities={p.target: _tone(p.sentiment_score)})
        for p in posts
    ]


def read_gold_headlines(folder: Path) -> list[LabelledArticle]:
    """Headlines with what they say of gold's price (Sinha and Khandait 2021, arXiv:2009.04202).

    Raises: DataError: the file is not there, or is another.
    """
    path = folder / "gold_headlines" / "gold_headlines.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row["headline"], row["price_sentiment"]) for row in csv.DictReader(file)]
        return [
            LabelledArticle(
                title, None, None, entities={"gold": LABELS["neutral" if said == "none" else said]}
            )
            for title, said in rows
        ]
    except (OSError, KeyError) as error:
        raise DataError(f"{path} cannot be read as headlines about gold ({error!r}).") from error


def _tone(score: float) -> Sentiment:
    if abs(score) <= NEUTRAL_BAND:
        return "neutral"
    return "positive" if score > 0 else "negative"
