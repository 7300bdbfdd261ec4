"""The words of a headline that carried what was read: how much surer the model is with each.

A word's weight is how far the probability of the label falls when the word is left out, measured by
the model that serves, on the texts that it is given. A company's name cannot be left out, since the
model does not see it.

Source: Li, Monroe and Jurafsky 2016, arXiv:1612.08220 (representation erasure).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from textwire.models.engines.classifier import Classifier
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import Sentiment
from textwire.sentiment_alerts.results.records import (
    Explanation,
    Reading,
    StoredArticle,
    WordWeight,
)
from textwire.sentiment_alerts.scoring.clauses import (
    BETWEEN,
    MASK,
    article_text,
    company_texts,
    linked_text,
    text_of_unnamed,
)

# Of a longer headline the first ones; each costs one more text to classify.
MOST_WORDS = 40
MOST_COMPANIES = 5


class Asked(NamedTuple):
    """A text whose label is to be explained: what stands before and after the headline's words."""

    entity: str | None
    label: Sentiment
    before: str
    words: tuple[str, ...]
    after: str

    def texts(self) -> Iterator[str]:
        """The text as it is, and without each of the words."""
        yield self._text(self.words)
        for place in range(len(self.words)):
            yield self._text((*self.words[:place], *self.words[place + 1 :]))

    def _text(self, words: Sequence[str]) -> str:
        return f"{self.before}{' '.join(words)}{self.after}"


def explain(stored: StoredArticle, linker: Linker, classifier: Classifier) -> Explanation:
    """What carried the labels of an article and of the companies in it; classified at once."""
    asked = [_article(stored), *_companies(stored, linker)]
    texts = [text for one in asked for text in one.texts()]
    rows = iter(classifier.classify(texts).labels)
    readings = []
    for one in asked:
        column = classifier.labels.index(one.label)
        whole = float(next(rows)[column])
        weights = [whole - float(next(rows)[column]) for _ in one.words]
        readings.append(_reading(one, whole, weights))
    id_ = stored.sentiment.article_id
    return Explanation(article_id=id_, model=classifier.name, readings=tuple(readings))


def _article(stored: StoredArticle) -> Asked:
    said = stored.sentiment
    return _asked(None, said.label, "", article_text(said.title, stored.excerpt))


def _companies(stored: StoredArticle, linker: Linker) -> Iterator[Asked]:
    said = stored.sentiment
    mentions = linker.mentions_in(linked_text(said.title, stored.excerpt))
    texts = company_texts(said.title, stored.excerpt, mentions)
    for one in said.entities[:MOST_COMPANIES]:
        read = (texts.get(one.entity) or text_of_unnamed(one.entity, said.title)).read
        name, between, passage = read.partition(f"{BETWEEN} ")
        yield _asked(one.entity, one.label, f"{name}{between}", passage)


def _asked(entity: str | None, label: Sentiment, before: str, passage: str) -> Asked:
    headline, newline, rest = passage.partition("\n")
    words = headline.split()
    kept, left = words[:MOST_WORDS], words[MOST_WORDS:]
    after = f" {' '.join(left)}" if left else ""
    return Asked(entity, label, before, tuple(kept), f"{after}{newline}{rest}")


def _reading(asked: Asked, probability: float, weights: Sequence[float]) -> Reading:
    words = tuple(
        WordWeight(
            text=word.replace(MASK, asked.entity or MASK),
            weight=0.0 if MASK in word else round(weight, 4),
        )
        for word, weight in zip(asked.words, weights, strict=True)
    )
    return Reading(
        entity=asked.entity, label=asked.label, probability=round(probability, 4), words=words
    )
