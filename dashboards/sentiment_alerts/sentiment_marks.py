"""Sentiments as they look everywhere: a word, a sign and a colour of their own.

The sign stands beside the colour always, so that neither the colour-blind nor a printer lose it.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.markup import plain
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


def sentiment_of(score: float) -> Sentiment:
    """The side a score in [-1, 1] lies on."""
    if abs(score) <= NEUTRAL_WITHIN:
        return "neutral"
    return "negative" if score < 0 else "positive"


def sentiment_pill(label: Sentiment, probability: float | None = None) -> str:
    """A sentiment in a rounded field, with how probable it is."""
    sure = f" {percent(probability)}" if probability is not None else ""
    return _chip(label, f"{WORDS[label]}{sure}")


def score_chip(score: float) -> str:
    """A score in the colour of its side."""
    label = sentiment_of(score)
    return f'<span class="tw-score-now tw-{label}">{signed(score)}</span>'


def entity_chip(said: EntitySentiment) -> str:
    """A company with what is said of it."""
    odds = probability_words(said.probabilities)
    return _chip(said.label, f"{said.entity} {signed(said.score)}", odds)


def probability_bar(probabilities: Mapping[str, float]) -> str:
    """The three probabilities as one bar; the words stand in its title."""
    parts = "".join(
        f'<b class="tw-{label}" style="flex-grow:{probabilities.get(label, 0.0):.4f}"></b>'
        for label in SENTIMENTS
    )
    words = probability_words(probabilities)
    return f'<span class="tw-odds" role="img" aria-label="{words}" title="{words}">{parts}</span>'


def probability_words(probabilities: Mapping[str, float]) -> str:
    """The three probabilities: `negative 91 %, neutral 7 %, positive 2 %`."""
    return ", ".join(
        f"{label} {percent(probabilities[label])}" for label in SENTIMENTS if label in probabilities
    )


def _chip(label: Sentiment, words: str, title: str = "") -> str:
    told = f' title="{plain(title)}"' if title else ""
    return (
        f'<span class="tw-chip tw-{label}"{told}><i aria-hidden="true">{SIGNS[label]}</i>'
        f"{plain(words)}</span>"
    )
