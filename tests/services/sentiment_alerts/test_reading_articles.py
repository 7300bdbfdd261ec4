from datetime import timedelta

import pytest

from services.sentiment_alerts.processor import SentimentAlerts
from tests.news_readers import DAY, article, at, burst, quiet_day
from tests.services.sentiment_alerts.sentiment_service import processor
from textwire.errors import RecordRejected
from textwire.messages import AlertAction, Article, DeskEntry
from textwire.news.desk_state import owner_writes
from textwire.results.memory import MemoryResults
from textwire.results.writes import Fence
from textwire.stream.processor import Processor, Received
from textwire.stream.records import Partition, Record
from textwire.topics import (
    NEWS_ACTIONS,
    NEWS_ALERTS,
    NEWS_ARTICLES,
    NEWS_DESK,
    NEWS_SENTIMENT,
    Topic,
)


def received(
    message: object, topic: Topic = NEWS_ARTICLES, offset: int = 0, partition: int = 0
) -> Received:
    written_ms = int((DAY + timedelta(days=2)).timestamp() * 1000)
    return Received(
        message, Record(Partition(topic.name, partition), offset, b"", b"", {}, written_ms)
    )


def desk_entry(
    service: SentimentAlerts, message: object, topic: Topic = NEWS_ARTICLES
) -> DeskEntry:
    ((out,),) = [result.messages for result in service.process([received(message, topic)])]
    assert out.topic is NEWS_DESK
    return out.message


def test_sentiment_alerts_is_a_processor() -> None:
    service: Processor = processor(MemoryResults())
    assert service.name == "sentiment-alerts"
    assert service.inputs == (NEWS_ARTICLES, NEWS_ACTIONS, NEWS_DESK)
    assert service.model == "lexicon-1"


def test_an_article_goes_to_the_desk_with_what_was_read_in_it() -> None:
    title = "Northmere strike spreads to docks while Solvanta soars high"
    entry = desk_entry(processor(MemoryResults()), article(1, at(1), title=title))
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
    service = processor(MemoryResults())
    articles = [*quiet_day(hours=4), *burst(at(2))]
    together = service.process([received(one) for one in articles])
    alone = [service.process([received(one)])[0] for one in articles]
    assert together == alone


@pytest.mark.parametrize("title", [" ", "\n\t"])
def test_an_article_without_a_headline_is_rejected(title: str) -> None:
    empty = Article(id="a", title=title, published_at=at(1))
    with pytest.raises(RecordRejected, match="title is empty"):
        processor(MemoryResults()).process([received(empty)])


def test_an_article_that_is_dated_far_ahead_is_rejected() -> None:
    ahead = article(1, DAY + timedelta(days=3, hours=1))
    with pytest.raises(RecordRejected, match="would make all others late"):
        processor(MemoryResults()).process([received(ahead)])


def test_an_action_on_an_alert_that_there_is_not_is_rejected_by_name() -> None:
    action = AlertAction(alert_id="alert-7", action="resolve", by="ana", at=DAY)
    with pytest.raises(RecordRejected, match="There is no alert alert-7"):
        processor(MemoryResults()).process([received(action, NEWS_ACTIONS)])


def test_a_snooze_needs_an_end_and_other_actions_go_to_the_desk() -> None:
    store = MemoryResults()
    store.write(owner_writes("alert-7", "company:Larkfield"))
    snooze = AlertAction(alert_id="alert-7", action="snooze", by="ana", at=DAY)
    with pytest.raises(RecordRejected, match="no end"):
        processor(store).process([received(snooze, NEWS_ACTIONS)])
    resolve = AlertAction(alert_id="alert-7", action="resolve", by="ana", at=DAY)
    assert desk_entry(processor(store), resolve, NEWS_ACTIONS).action == resolve


def test_a_batch_of_all_kinds_leads_to_a_result_for_each_in_its_place() -> None:
    store = MemoryResults()
    service = processor(store)
    entry = desk_entry(service, article(1, at(1)))
    batch = [
        received(article(2, at(1))),
        received(entry, NEWS_DESK),
        received(article(3, at(1))),
    ]
    topics = [[out.topic for out in result.messages] for result in service.process(batch)]
    assert topics == [[NEWS_DESK], [NEWS_SENTIMENT], [NEWS_DESK]]


def test_processing_again_before_anything_is_stored_gives_the_same() -> None:
    store = MemoryResults()
    service = processor(store)
    articles = sorted([*quiet_day(hours=9), *burst(at(9, 7))], key=lambda one: one.published_at)
    read = service.process([received(one, partition=n % 4) for n, one in enumerate(articles)])
    entries = [result.messages[0].message for result in read]
    batch = [received(entry, NEWS_DESK, n) for n, entry in enumerate(entries)]
    first = service.process(batch)
    assert service.process(batch) == first
    assert NEWS_ALERTS in [out.topic for result in first for out in result.messages]
    store.apply(Fence("s", NEWS_DESK.name, 0), [(n, r.writes) for n, r in enumerate(first)])
