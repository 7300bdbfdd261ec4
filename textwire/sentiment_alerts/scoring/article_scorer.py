"""From articles to what was read in them: companies, tone, topics, the sketch of their text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classified, Classifier
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.tokenizing import MOST_UNREAD, TokenReader
from textwire.sentiment_alerts.copies.near_duplicates import sketches
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.messages import (
    SENTIMENTS,
    Article,
    ArticleSentiment,
    EntitySentiment,
    EventProbability,
    Sentiment,
    Sketch,
    TopicProbability,
)
from textwire.sentiment_alerts.scoring.clauses import (
    CompanyText,
    Mention,
    article_text,
    company_texts,
    linked_text,
)
from textwire.sentiment_alerts.scoring.plain_text import plain_text
from textwire.sentiment_alerts.scoring.rating_changes import (
    change_of_article,
    decided,
    rating_change,
)
from textwire.sentiment_alerts.scoring.tone import TONE_THRESHOLD

TOPIC_PREFIX = "topic:"
EVENT_PREFIX = "event:"
TOPIC_THRESHOLD = 0.5
EXCERPT_CHARACTERS = 400
# That much of a body that is HTML holds them.
RAW_EXCERPT_CHARACTERS = 8_000
# More is a list of names, and each costs a text to classify.
MOST_COMPANIES = 10


@dataclass(frozen=True)
class Scored:
    """An article, as the alert engine takes it."""

    sentiment: ArticleSentiment
    sketch: Sketch
    excerpt: str | None


@dataclass(frozen=True)
class ArticleScorer:
    """Reads batches of articles with one model.

    thresholds  topic -> the least probability of one that is named.
    least_tone  the least probability of a tone that counts; what is less sure is neutral.
    tokens      the model's own, by which is told what it cannot read; None: it reads everything.
    events      event -> the least probability of one that is told, in the order of the model's
                columns; none of a model without a head of events.
    """

    linker: Linker
    classifier: Classifier
    thresholds: Mapping[str, float] = field(default_factory=dict)
    version: str = ""
    least_tone: float = 0.0
    tokens: TokenReader | None = None
    events: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_artifact(
        cls, artifact: Artifact, linker: Linker, load: Callable[[Artifact], Classifier]
    ) -> ArticleScorer:
        """A scorer with an artifact's model and thresholds.

        Raises: ArtifactError: the model cannot be used, or tells something else than sentiment.
        """
        manifest = artifact.manifest
        if set(manifest.labels) != set(SENTIMENTS):
            raise ArtifactError(
                f"The model in {artifact.path} tells {', '.join(manifest.labels) or 'no labels'}, "
                f"where {', '.join(SENTIMENTS)} are read. "
                "Run `pipelines sentiment-alerts run --force`."
            )
        given = manifest.thresholds
        topics = {
            name.removeprefix(TOPIC_PREFIX): least
            for name, least in given.items()
            if name.startswith(TOPIC_PREFIX)
        }
        events = {name: given.get(f"{EVENT_PREFIX}{name}", 1.0) for name in manifest.events}
        tokens = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        return cls(
            linker,
            load(artifact),
            topics,
            manifest.version,
            given.get(TONE_THRESHOLD, 0.0),
            tokens,
            events,
        )

    def readable(self, articles: Sequence[Article]) -> list[bool]:
        """Of each article whether the model knows its letters; what it says of others is noise."""
        if self.tokens is None:
            return [True] * len(articles)
        texts = [article_text(article.title, article.body) for article in articles]
        unread: list[bool] = (self.tokens.unread_shares(texts) >= MOST_UNREAD).tolist()
        return [not one for one in unread]

    def read(self, articles: Sequence[Article]) -> list[Scored]:
        """What each article says; all their texts are classified at once.

        The articles have ids and times.
        """
        linked = [linked_text(article.title, article.body) for article in articles]
        mentions = [self.linker.mentions_in(text) for text in linked]
        targets = [
            self._targets(article, found) for article, found in zip(articles, mentions, strict=True)
        ]
        texts = [article_text(article.title, article.body) for article in articles]
        of_companies = [said.read for target in targets for said in target.values()]
        classified = self.classifier.classify([*texts, *of_companies])
        seen = sketches(list(zip(linked, mentions, strict=True)))
        read = zip(classified.labels, self._events(classified), strict=True)
        rows = islice(read, len(texts), None)
        return [
            Scored(
                sentiment=self._sentiment(
                    article,
                    decided(
                        classified.labels[place],
                        change_of_article([said.read for said in targets[place].values()]),
                    ),
                    classified.topics[place],
                    [
                        self._entity(name, said, *next(rows))
                        for name, said in targets[place].items()
                    ],
                ),
                sketch=seen[place],
                excerpt=excerpt(article.body),
            )
            for place, article in enumerate(articles)
        ]

    def _targets(self, article: Article, mentions: Sequence[Mention]) -> dict[str, CompanyText]:
        if not mentions:
            return {}
        targets = company_texts(article.title, article.body, mentions)
        return dict(list(targets.items())[:MOST_COMPANIES])

    def _sentiment(
        self,
        article: Article,
        row: Vectors,
        topics: Vectors,
        entities: Sequence[EntitySentiment],
    ) -> ArticleSentiment:
        assert article.id is not None  # noqa: S101 - completed by the loop
        assert article.published_at is not None  # noqa: S101
        label, score, probabilities = self._tone(row)
        return ArticleSentiment(
            article_id=article.id,
            published_at=article.published_at,
            title=plain_text(article.title),
            label=label,
            score=score,
            probabilities=probabilities,
            entities=tuple(entities),
            topics=self._topics(topics),
            model=self.version or self.classifier.name,
            source=article.source,
            url=article.url,
            language=article.language,
        )

    def _events(self, classified: Classified) -> list[tuple[EventProbability, ...]]:
        """What happened to the company that each text is read for, the surest first."""
        if classified.events is None:
            return [()] * len(classified.labels)
        return [self._told(row) for row in classified.events]

    def _told(self, row: Vectors) -> tuple[EventProbability, ...]:
        told = [
            EventProbability(event=event, probability=round(float(p), 4))
            for (event, least), p in zip(self.events.items(), row, strict=True)
            if p >= least
        ]
        return tuple(sorted(told, key=lambda one: -one.probability))

    def _entity(
        self, name: str, said: CompanyText, row: Vectors, events: tuple[EventProbability, ...]
    ) -> EntitySentiment:
        label, score, probabilities = self._tone(decided(row, rating_change(said.read)))
        company = self.linker.companies[name]
        return EntitySentiment(
            entity=name,
            label=label,
            score=score,
            probabilities=probabilities,
            ticker=company.ticker,
            text=said.passage,
            events=events,
        )

    def _tone(self, row: Vectors) -> tuple[Sentiment, float, dict[str, float]]:
        probabilities = {
            label: round(float(p), 4)
            for label, p in zip(self.classifier.labels, np.clip(row, 0, 1), strict=True)
        }
        label = max(SENTIMENTS, key=lambda one: probabilities.get(one, 0.0))
        if probabilities.get(label, 0.0) < self.least_tone:
            label = "neutral"
        score = probabilities.get("positive", 0.0) - probabilities.get("negative", 0.0)
        return label, round(score, 4), probabilities

    def _topics(self, row: Vectors) -> tuple[TopicProbability, ...]:
        named = [
            TopicProbability(topic=topic, probability=round(float(p), 4))
            for topic, p in zip(self.classifier.topics, np.clip(row, 0, 1), strict=True)
            if p >= self.thresholds.get(topic, TOPIC_THRESHOLD)
        ]
        return tuple(sorted(named, key=lambda one: (-one.probability, one.topic)))


def excerpt(body: str | None) -> str | None:
    """How a body begins, for those who look at the article."""
    text = plain_text((body or "")[:RAW_EXCERPT_CHARACTERS])
    if not text:
        return None
    return text if len(text) <= EXCERPT_CHARACTERS else text[: EXCERPT_CHARACTERS - 1] + "…"
