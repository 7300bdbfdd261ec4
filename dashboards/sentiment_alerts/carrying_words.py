"""The words of a headline that carried what was read, and asking for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dashboards.connections import MessageSender
from dashboards.rendering import render
from dashboards.requests import Request, send_all
from dashboards.sentiment_alerts.sentiment_marks import WORDS, Chip
from dashboards.wording import percent, signed
from textwire.sentiment_alerts.messages import ExplanationRequest
from textwire.sentiment_alerts.results.records import Explanation, Reading, WordWeight
from textwire.sentiment_alerts.topics import NEWS_EXPLANATIONS

# A word without which the label would be as likely, within the noise of int8.
LEAST_SHOWN = 0.02
# At this weight a word is marked in full.
FULL = 0.4


@dataclass(frozen=True)
class Asked(Request):
    """Somebody wants to know an article's words."""

    article_id: str


@dataclass(frozen=True)
class WordView:
    """A word, how strongly it is marked, and its weight in words."""

    text: str
    side: str  # for, against, or none
    strength: str
    weight: str


@dataclass(frozen=True)
class ReadingView:
    """A label with the words that carried it."""

    label: Chip
    words: tuple[WordView, ...]


def ask_for_words(article_id: str, now: datetime, sender: Callable[[], MessageSender]) -> Asked:
    """Ask which words carried what was read in an article, and say what became of it."""
    request = ExplanationRequest(article_id=article_id)
    problem = send_all([(NEWS_EXPLANATIONS, request)], sender)
    return Asked(article_id=article_id, asked_at=now, problem=problem)


def words_html(explanation: Explanation) -> str:
    """Each reading of an article, its words marked by how much they carried."""
    return render(
        "sentiment_alerts/carrying_words.html",
        readings=[_view(one) for one in explanation.readings],
        model=explanation.model,
    )


def _view(reading: Reading) -> ReadingView:
    about = reading.entity or "The article"
    words = f"{about}: {WORDS[reading.label].lower()} {percent(reading.probability)}"
    return ReadingView(Chip(reading.label, words), tuple(map(_word, reading.words)))


def _word(word: WordWeight) -> WordView:
    if abs(word.weight) < LEAST_SHOWN:
        return WordView(word.text, "none", "0", "")
    strength = min(1.0, abs(word.weight) / FULL)
    side = "for" if word.weight > 0 else "against"
    return WordView(word.text, side, f"{strength:.2f}", signed(word.weight))
