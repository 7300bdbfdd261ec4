from __future__ import annotations

import pytest

from services.sentiment_alerts.explaining import Explaining
from services.sentiment_alerts.model_holder import ModelHolder
from tests.article_scorers import DAY, LexiconClassifier, reader
from tests.services.sentiment_alerts.batches import received
from textwire.errors import RecordRejected
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.messages import Article, ExplanationRequest
from textwire.sentiment_alerts.results.reading import read_explanation
from textwire.sentiment_alerts.results.records import StoredArticle
from textwire.sentiment_alerts.results.writing import article_writes
from textwire.sentiment_alerts.topics import NEWS_EXPLANATIONS
from textwire.stream.processor import Received


def asked(article_id: str) -> Received:
    """Somebody asks for an article."""
    return received(ExplanationRequest(article_id=article_id), NEWS_EXPLANATIONS)


def explaining(store: MemoryResults) -> Explaining:
    """By a model that reads a handful of words."""
    return Explaining(store, ModelHolder(reader(), lambda _artifact: LexiconClassifier()))


def test_what_was_asked_for_is_kept_for_pages() -> None:
    store = MemoryResults()
    (scored,) = reader().read([Article(id="a1", title="Northmere slumps", published_at=DAY)])
    store.write(article_writes(StoredArticle(sentiment=scored.sentiment), ()))
    (result,) = explaining(store).process([asked("a1")])
    assert result.messages == ()
    store.write(result.writes)
    explanation = read_explanation(store, "a1")
    assert explanation is not None
    assert [one.entity for one in explanation.readings] == [None, "Northmere Energy"]


def test_an_article_that_is_not_kept_cannot_be_explained() -> None:
    with pytest.raises(RecordRejected, match="There is no article a9"):
        explaining(MemoryResults()).process([asked("a9")])
