from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.sentiment_alerts.article_scoring import ArticleScoring
from services.sentiment_alerts.model_holder import ModelHolder
from tests.article_scorers import (
    DAY,
    LexiconClassifier,
    Newsroom,
    article,
    at,
    burst,
    quiet_day,
    reader,
)
from tests.services.sentiment_alerts.batches import received
from tests.services.sentiment_alerts.sentiment_service import reading
from textwire.errors import RecordRejected
from textwire.models.engines.tokenizing import TokenReader
from textwire.sentiment_alerts.messages import Article
from textwire.sentiment_alerts.results.reading import read_desk
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
    assert sentiment.entities[0].text == title
    assert [topic.topic for topic in sentiment.topics] == ["labour"]
    assert sentiment.score < 0
    assert entry.sketch.title
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


def test_an_article_in_letters_that_the_model_does_not_know_is_rejected_unread(
    tiny_base: Path,
) -> None:
    tokens = TokenReader(tiny_base / "tokenizer.json", 32)
    holder = ModelHolder(replace(reader(), tokens=tokens), lambda _: LexiconClassifier())
    service = ArticleScoring(holder, 5.0, lambda: DAY)
    (english,) = service.process([received(article(1, at(1)))])
    assert english.messages
    chinese = article(2, at(1), title="诺斯米尔能源股价大跌")
    with pytest.raises(RecordRejected, match=r"lexicon-1 does not know the letters.*诺斯米尔"):
        service.process([received(article(1, at(1))), received(chinese)])


def test_an_article_that_is_dated_ahead_is_taken_to_be_of_when_it_was_sent() -> None:
    sent_at = DAY + timedelta(days=2)
    counted: list[int] = []
    service = reading(dated_ahead=lambda: counted.append(1))
    for ahead in (timedelta(minutes=6), timedelta(days=365)):
        assert _time_of(service, article(1, sent_at + ahead)) == sent_at
    assert len(counted) == 2


def test_a_clock_that_is_a_little_fast_is_believed() -> None:
    published_at = DAY + timedelta(days=2, minutes=4)
    counted: list[int] = []
    service = reading(dated_ahead=lambda: counted.append(1))
    assert _time_of(service, article(1, published_at)) == published_at
    assert not counted


def test_a_record_that_is_dated_ahead_itself_does_not_let_its_article_run_ahead() -> None:
    service = reading(clock=lambda: DAY)  # the record says two days later
    assert _time_of(service, article(1, DAY + timedelta(hours=25))) == DAY


def test_an_article_dated_ahead_makes_no_others_late() -> None:
    sent_at = DAY + timedelta(days=2)
    ahead = [article(1, sent_at + timedelta(days=30)), article(2, sent_at)]
    (first, second) = reading().process([received(one) for one in ahead])
    newsroom = Newsroom()
    for ((_, entry),) in (first.messages, second.messages):
        newsroom.take([entry])
    desk = read_desk(newsroom.store)
    assert desk is not None
    assert desk.late == 0
    assert desk.watermark <= sent_at


def test_what_html_hides_is_taken_out_before_an_article_is_read() -> None:
    marked = article(1, at(1), title="<b>Northmere&#39;s</b> mill burns &amp;amp; stops", body=None)
    (result,) = reading().process([received(marked)])
    sentiment = result.messages[0][1].sentiment
    assert sentiment.title == "Northmere's mill burns & stops"
    assert [one.entity for one in sentiment.entities] == ["Northmere Energy"]
    with pytest.raises(RecordRejected, match="title is empty"):
        reading().process([received(article(1, at(1), title="<p>&nbsp;</p>"))])


def test_an_article_that_is_dated_before_there_were_news_is_rejected() -> None:
    for published_at in (datetime.min, datetime(1599, 12, 31)):
        ancient = article(1, published_at.replace(tzinfo=UTC))
        with pytest.raises(RecordRejected, match=f"dated in the year {published_at.year}"):
            reading().process([received(ancient)])
    reading().process([received(article(1, datetime(1970, 1, 1, tzinfo=UTC)))])


def _time_of(service: ArticleScoring, one: Article) -> datetime:
    ((_, entry),) = service.process([received(one)])[0].messages
    return entry.sentiment.published_at
