from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from tests.article_scorers import DAY, Newsroom, article, at, burst, quiet_day
from tests.services.sentiment_alerts.batches import received
from tests.services.sentiment_alerts.sentiment_service import keeping, reading
from textwire.errors import RecordRejected
from textwire.results.memory import MemoryResults
from textwire.results.store import ResultStore
from textwire.results.writes import Fence
from textwire.sentiment_alerts.alert_engine.state import owner_writes
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertAction,
    Article,
    DeskEntry,
    FeedReport,
)
from textwire.sentiment_alerts.topics import (
    NEWS_ACTIONS,
    NEWS_ALERTS,
    NEWS_DESK,
    NEWS_FEEDS,
    NEWS_SENTIMENT,
)
from textwire.stream.processor import Processor
from textwire.wire.record import LogPlace


def entries(articles: Sequence[Article]) -> list[DeskEntry]:
    """What the desk is told of them."""
    read = reading().process([received(one, partition=n % 4) for n, one in enumerate(articles)])
    return [result.messages[0].message for result in read]


def store_with_alert() -> ResultStore:
    store = MemoryResults()
    store.write(owner_writes("alert-7", "company:Larkfield"))
    return store


def test_keeping_the_desk_is_a_processor() -> None:
    service: Processor = keeping(MemoryResults())
    assert service.name == "sentiment-alerts-desk"
    assert service.inputs == (NEWS_ACTIONS, NEWS_FEEDS, NEWS_DESK)


def test_an_action_on_an_alert_that_there_is_not_is_rejected_by_name() -> None:
    action = AlertAction(alert_id="alert-7", action="resolve", by="ana", at=DAY)
    with pytest.raises(RecordRejected, match="There is no alert alert-7"):
        keeping(MemoryResults()).process([received(action, NEWS_ACTIONS)])


def test_a_snooze_without_an_end_is_rejected() -> None:
    snooze = AlertAction(alert_id="alert-7", action="snooze", by="ana", at=DAY)
    with pytest.raises(RecordRejected, match="no end"):
        keeping(store_with_alert()).process([received(snooze, NEWS_ACTIONS)])


def test_an_action_goes_into_the_log_of_the_desk() -> None:
    resolve = AlertAction(alert_id="alert-7", action="resolve", by="ana", at=DAY)
    (result,) = keeping(store_with_alert()).process([received(resolve, NEWS_ACTIONS)])
    ((topic, entry),) = result.messages
    assert topic is NEWS_DESK
    assert entry == DeskEntry(action=resolve)


def test_a_batch_of_both_kinds_leads_to_a_result_for_each_in_its_place() -> None:
    one, two = entries([article(1, at(1)), article(2, at(1))])
    resolve = AlertAction(alert_id="alert-7", action="resolve", by="ana", at=DAY)
    batch = [received(one, NEWS_DESK), received(resolve, NEWS_ACTIONS), received(two, NEWS_DESK, 1)]
    results = keeping(store_with_alert()).process(batch)
    topics = [[out.topic for out in result.messages] for result in results]
    assert topics == [[NEWS_SENTIMENT], [NEWS_DESK], [NEWS_SENTIMENT]]


def test_processing_again_before_anything_is_stored_gives_the_same() -> None:
    store = MemoryResults()
    service = keeping(store)
    articles = sorted([*quiet_day(hours=9), *burst(at(9, 7))], key=lambda one: one.published_at)
    batch = [received(entry, NEWS_DESK, n) for n, entry in enumerate(entries(articles))]
    first = service.process(batch)
    assert service.process(batch) == first
    assert NEWS_ALERTS in [out.topic for result in first for out in result.messages]
    store.apply(
        Fence("s", NEWS_DESK.name, 0), [(LogPlace(-1, n), r.writes) for n, r in enumerate(first)]
    )


def test_an_action_that_changes_nothing_is_rejected_with_the_reason(store_with_news) -> None:
    store, alert = store_with_news
    for action, reason in (
        (AlertAction(alert_id=alert.id, action="reopen", by="ana", at=DAY), "it is open"),
        (AlertAction(alert_id=alert.id, action="snooze", until=at(3), by="ana", at=DAY), "over"),
    ):
        with pytest.raises(RecordRejected, match=reason):
            keeping(store).process([received(action, NEWS_ACTIONS)])


@pytest.fixture
def store_with_news() -> tuple[ResultStore, Alert]:
    room = Newsroom().read(sorted([*quiet_day(hours=9), *burst(at(9, 7))], key=_published_at))
    return room.store, room.alerts[0]


def _published_at(one: Article) -> datetime:
    assert one.published_at is not None
    return one.published_at


def test_how_a_feed_is_doing_goes_into_the_log_of_the_desk() -> None:
    report = FeedReport(feed="https://wire.example/rss", condition="silent", since=DAY, at=DAY)
    (result,) = keeping(MemoryResults()).process([received(report, NEWS_FEEDS)])
    assert result.messages == ((NEWS_DESK, DeskEntry(feed=report)),)
