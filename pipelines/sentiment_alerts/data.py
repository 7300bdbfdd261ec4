"""What the pipeline learns from and is judged on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textwire.errors import DataError
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import SENTIMENTS, Sentiment

if TYPE_CHECKING:
    from pipelines.sentiment_alerts.events.corpus import EventCorpus

LEAST_LEARNED = 10
LEAST_HELD_OUT = 4  # two to calibrate on and two to report on: fewer cannot be divided


@dataclass(frozen=True)
class LabelledArticle:
    """An article, its tone, its topics, and its tone for each company that it speaks of."""

    title: str
    body: str | None
    label: Sentiment | None  # None: only what it says of companies is known
    topics: frozenset[str] | None = frozenset()  # None: not known
    entities: Mapping[str, Sentiment] = field(default_factory=dict)

    @property
    def all_labels(self) -> list[Sentiment]:
        """Its own, if it has one, and those of its companies."""
        return [*([self.label] if self.label else []), *self.entities.values()]


@dataclass(frozen=True)
class NewsData:
    """Articles in two parts: one to learn from, one to be judged on. Copies are not among them.

    topics  in the order of the classifier's columns; may be none.
    linker  finds the companies in an article, as it does when it serves.
    """

    topics: tuple[str, ...]
    train: Sequence[LabelledArticle]
    held_out: Sequence[LabelledArticle]
    linker: Linker
    repeated: int = 0  # rows that were left out, since they repeat another
    notices: tuple[str, ...] = ()  # what the card says of data of others
    about: Mapping[str, str] = field(default_factory=dict)  # topics in words, where they are told
    events: EventCorpus | None = None  # what a head of events is learned from; None: there is none

    def checked(self) -> NewsData:
        """Itself, when it can be used.

        Raises: DataError: a part is too small, or one label or topic is all there is.
        """
        if len(self.train) < LEAST_LEARNED or len(self.held_out) < LEAST_HELD_OUT:
            raise DataError(
                f"{len(self.train)} articles are to be learned from and {len(self.held_out)} are "
                f"held out; at least {LEAST_LEARNED} and {LEAST_HELD_OUT} are needed, so some "
                f"{5 * LEAST_HELD_OUT} in all. Give more, or say which is which in a column "
                "`split`."
            )
        for part, articles in (("learned from", self.train), ("held out", self.held_out)):
            labels = Counter(label for article in articles for label in article.all_labels)
            if len(labels) < 2:
                only = next(iter(labels), "without a label")
                raise DataError(
                    f"All {len(articles)} articles that are {part} are {only}: there "
                    f"is nothing to tell apart. Labels are {', '.join(SENTIMENTS)}."
                )
        self._check_topics()
        return self

    def _check_topics(self) -> None:
        learned = Counter(topic for article in self.train for topic in article.topics or ())
        without = [topic for topic in self.topics if not learned[topic]]
        if without:
            raise DataError(
                f"No article that is learned from is about {', '.join(without[:5])}, so the "
                "classifier could not know it. Add examples, or leave the topic out."
            )
        known = sum(article.topics is not None for article in self.train)
        everywhere = [topic for topic in self.topics if learned[topic] == known]
        if everywhere:
            raise DataError(
                f"Every article that is learned from is about {everywhere[0]}: a topic that all "
                "have tells nothing. Leave it out, or add articles without it."
            )
