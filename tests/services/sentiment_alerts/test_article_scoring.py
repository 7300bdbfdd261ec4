from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.article_scorers import DAY, article, at, burst, quiet_day
from tests.services.sentiment_alerts.batches import received
from tests.services.sentiment_alerts.sentiment_service import reading
from textwire.errors import RecordRejected
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.topics import NEWS_ARTICLES, NEWS_DESK
from textwire.stream.processor import Processor


def test_reading_articles_is_a_processor() -> None:
    service: Processor = reading()
    assert service.name == "sentiment-alerts"
    assert service.inputs == (NEWS_ARTICLES,)
    assert service.model == "lexicon-1"


def test_an_article_goes_to_the_desk_with_what_was_read_in_it() -> None:
    title = "Northmere strike spreads to docks while Solvanta soars high"
    (result,) = reading().process([received(article(1, at(1), title=title))])
    ((topic, entry),) = result.messages
    assert topic is NEWS_DESK
    sentiment = entry.sentiment
    assert [(e.entity, e.label, e.ticker) for e in sentiment.entities] == [
        ("Northmere Energy", "negative", "NMRE"),
        ("Solvanta Power", "positive", "SLVP"),
    ]
    assert sentiment.entities[0].text == "Northmere strike spreads to docks"
    assert [topic.topic for topic in sentiment.topics] == ["labour"]
    assert sentiment.score < 0
    assert entry.fingerprint
    assert entry.written_at == DAY + timedelta(days=2)


def test_a_batch_reads_as_its_articles_do_one_by_one() -> None:
    service = reading()
    articles = [*quiet_day(hours=4), *burst(at(2))]
    together = service.process([received(one) for one in articles])
    alone = [service.process([received(one)])[0] for one in articles]
    assert together == alone


@pytest.mark.parametrize("title", [" ", "\n\t"])
def test_an_article_without_a_headline_is_rejected(title: str) -> None:
    empty = Article(id="a", title=title, published_at=at(1))
    with pytest.raises(RecordRejected, match="title is empty"):
        reading().process([received(empty)])


def test_an_article_that_is_dated_far_ahead_is_rejected() -> None:
    ahead = article(1, DAY + timedelta(days=3, hours=1))
    with pytest.raises(RecordRejected, match="would make all others late"):
        reading().process([received(ahead)])


def test_a_record_that_is_dated_ahead_itself_does_not_let_its_article_through() -> None:
    service = reading(clock=lambda: DAY)  # the record says two days later
    with pytest.raises(RecordRejected, match="would make all others late"):
        service.process([received(article(1, DAY + timedelta(hours=25)))])
    service.process([received(article(1, DAY + timedelta(hours=24)))])


def test_an_article_that_is_dated_before_there_were_news_is_rejected() -> None:
    for published_at in (datetime.min, datetime(1599, 12, 31)):
        ancient = article(1, published_at.replace(tzinfo=UTC))
        with pytest.raises(RecordRejected, match=f"dated in the year {published_at.year}"):
            reading().process([received(ancient)])
    reading().process([received(article(1, datetime(1970, 1, 1, tzinfo=UTC)))])
