"""Which words carried what was read in an article, for those who ask.

It costs as many texts to classify as the headline has words, for the article and for each company:
too much for every article, and little for one that somebody looks at. So it is asked for, on a
topic as everything else is, and what is answered is kept for a day.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.sentiment_alerts.model_holder import ModelHolder
from textwire.errors import RecordRejected
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.messages import ExplanationRequest
from textwire.sentiment_alerts.results.reading import read_articles
from textwire.sentiment_alerts.results.writing import explanation_writes
from textwire.sentiment_alerts.scoring.attributions import explain
from textwire.sentiment_alerts.topics import NEWS_EXPLANATIONS
from textwire.stream.processor import Received, Result
from textwire.wire.topic import Topic


class Explaining:
    """Explains articles with the model that stands now."""

    name = "sentiment-alerts-explanations"
    inputs: tuple[Topic, ...] = (NEWS_EXPLANATIONS,)
    model = ""

    def __init__(self, store: ResultStore, scorer: ModelHolder) -> None:
        """Args: store: where articles are kept."""
        self._store, self._scorer = store, scorer

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """An explanation for each article.

        Raises: RecordRejected: the article is not kept. RedisUnavailable: the store is away.
        """
        return [self._explained(received.message) for received in batch]

    def _explained(self, request: ExplanationRequest) -> Result:
        found = read_articles(self._store, [request.article_id])
        if not found:
            raise RecordRejected(
                f"There is no article {request.article_id}, so it cannot be explained. Take "
                "`article_id` from news.sentiment; articles are kept for 7 days."
            )
        scorer = self._scorer.now
        explanation = explain(found[0], scorer.linker, scorer.classifier)
        return Result(writes=tuple(explanation_writes(explanation)))
