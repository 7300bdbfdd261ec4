"""Sentiments as they look everywhere: a word, a sign and a colour of their own.

The sign stands beside the colour always, so that neither the colour-blind nor a printer lose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.wording import MINUS, percent, signed
from textwire.sentiment_alerts.messages import SENTIMENTS, EntitySentiment, Sentiment

WORDS: dict[Sentiment, str] = {
    "negative": "Negative",
    "neutral": "Neutral",
    "positive": "Positive",
}
SIGNS: dict[Sentiment, str] = {"negative": MINUS, "neutral": "○", "positive": "+"}

# Within this of zero neither side outweighs the other: a score of 0.15 is 57 to 42.
NEUTRAL_WITHIN = 0.15


@dataclass(frozen=True)
class Chip:
    """Words in the colour of a sentiment."""

    label: Sentiment
    words: str
    title: str = ""

    @property
    def sign(self) -> str:
        """What says the same as its colour."""
        return SIGNS[self.label]


@dataclass(frozen=True)
class OddsPart:
    """A part of a bar as wide as its share."""

    label: Sentiment
    share: str


@dataclass(frozen=True)
class Odds:
    """Three probabilities as one bar, and in words."""

    words: str
    parts: tuple[OddsPart, ...]


def sentiment_of(score: float) -> Sentiment:
    """The side a score in [-1, 1] lies on."""
    if abs(score) <= NEUTRAL_WITHIN:
        return "neutral"
    return "negative" if score < 0 else "positive"


def sentiment_chip(label: Sentiment, probability: float | None = None) -> Chip:
    """A sentiment in a rounded field, with how probable it is."""
    sure = f" {percent(probability)}" if probability is not None else ""
    return Chip(label, f"{WORDS[label]}{sure}")


def score_chip(score: float) -> Chip:
    """A score in the colour of its side."""
    return Chip(sentiment_of(score), signed(score))


def entity_chip(said: EntitySentiment) -> Chip:
    """A company with what is said of it."""
    odds = probability_words(said.probabilities)
    return Chip(said.label, f"{said.entity} {signed(said.score)}", odds)


def odds_of(probabilities: Mapping[str, float]) -> Odds:
    """The three probabilities as one bar; the words stand in its title."""
    parts = tuple(OddsPart(one, f"{probabilities.get(one, 0.0):.4f}") for one in SENTIMENTS)
    return Odds(probability_words(probabilities), parts)


def probability_words(probabilities: Mapping[str, float]) -> str:
    """The three probabilities: `negative 91 %, neutral 7 %, positive 2 %`."""
    return ", ".join(
        f"{label} {percent(probabilities[label])}" for label in SENTIMENTS if label in probabilities
    )
