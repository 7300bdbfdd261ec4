from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from services.sentiment_alerts.posting.delivery import Delivery, as_post
from services.sentiment_alerts.posting.retry_schedule import RetrySchedule
from services.sentiment_alerts.posting.waiting import WaitingPosts
from services.sentiment_alerts.webhook.address import Address
from services.sentiment_alerts.webhook.webhook import webhook_counts
from tests.services.sentiment_alerts.pagers import Pager, with_headers
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.notification_policy import NotificationPolicy, QuietHours
from textwire.sentiment_alerts.results.reading import read_waiting_posts
from textwire.wire.record import Partition, Record

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Service:
    """A replica that has partition 0, and a time that passes when told to."""

    def __init__(
        self,
        url: str,
        store: MemoryResults,
        began: datetime,
        policy: NotificationPolicy | None = None,
        **bounds: int,
    ) -> None:
        self.time = began
        self.metrics = ServiceMetrics("sentiment-alerts", 0, Health())
        self.store = store
        waiting = WaitingPosts(store, **bounds)
        waiting.take_over([0])
        schedule = RetrySchedule(lambda: self.time.timestamp(), lambda _least, most: most)
        self.delivery = Delivery(
            "webhook",
            Address(url, timeout_s=5.0),
            waiting,
            self.metrics,
            webhook_counts(self.metrics.registry),
            policy,
            lambda: self.time,
            schedule,
        )

    def take_up(self, alert: Alert, offset: int = 0) -> None:
        written_ms = int(self.time.timestamp() * 1000)
        record = Record(Partition("news.alerts", 0), offset, None, b"", timestamp_ms=written_ms)
        self.delivery.take_up(record, alert)

    def let_pass(self, **duration: float) -> None:
        """Time passes in steps of a quarter of a second, or to when something is next due."""
        until = self.time + timedelta(**duration)
        while True:
            self.delivery.deliver_one()
            step_s = max(0.25, min(self.delivery.until_due_s(), 3600.0))
            if self.time + timedelta(seconds=step_s) > until:
                break
            self.time += timedelta(seconds=step_s)
        self.time = until
        self.delivery.deliver_one()

    def counted(self, outcome: str) -> float:
        labels = {"outcome": outcome}
        value = self.metrics.registry.get_sample_value("textwire_webhook_posts_total", labels)
        return value or 0.0

    @property
    def waiting(self) -> float:
        return self.metrics.registry.get_sample_value("textwire_webhook_waiting") or 0.0


Start = Callable[..., Service]


@pytest.fixture
def start(pager: Pager) -> Iterator[Start]:
    with ExitStack() as stack:

        def start(
            store: MemoryResults | None = None, began: datetime = BEGAN, **bounds: Any
        ) -> Service:
            service = Service(pager.url, store or MemoryResults(), began, **bounds)
            stack.callback(service.delivery.close)
            return service

        yield start


def named(alert: Alert, id_: str, **changes: Any) -> Alert:
    return replace(alert, id=id_, **changes)


def test_an_alert_is_posted_as_it_is_and_waits_no_more(pager, alert: Alert, start: Start) -> None:
    service = start()
    service.take_up(alert)
    service.let_pass(seconds=1)
    (post,) = pager.posts
    assert post.alert == alert
    assert service.counted("taken") == 1
    assert service.waiting == 0
    assert read_waiting_posts(service.store, 0) == []


def test_only_what_the_policy_names_is_posted_each_with_an_id_of_its_own(
    pager, alert: Alert, start: Start
) -> None:
    """A surge of 25 articles that is acted upon."""
    service = start(policy=NotificationPolicy())
    told = ["opened", *["updated"] * 22, "escalated", "acknowledged", "resolved"]
    for offset, transition in enumerate(told):
        one = replace(alert, version=offset + 1, transition=transition)
        service.take_up(one, offset)
        service.let_pass(seconds=1)
    assert [post.alert.transition for post in pager.posts] == ["opened", "escalated", "resolved"]
    assert len({post.headers["Idempotency-Key"] for post in pager.posts}) == 3


def test_after_quiet_hours_an_alert_is_posted_once_as_it_is_then(
    pager, alert: Alert, start: Start
) -> None:
    night = QuietHours.parse("11:00-14:00", "UTC")
    service = start(policy=NotificationPolicy(quiet=night))
    for offset, transition in enumerate(("opened", "escalated", "resolved")):
        low = replace(alert, severity="low", version=offset + 1, transition=transition)
        service.take_up(low, offset)
        service.let_pass(minutes=10)
    assert pager.posts == []
    service.let_pass(hours=2)
    assert [post.alert.transition for post in pager.posts] == ["resolved"]


def test_a_grave_one_is_posted_in_quiet_hours_too(pager, alert: Alert, start: Start) -> None:
    night = QuietHours.parse("11:00-14:00", "UTC")
    service = start(policy=NotificationPolicy(quiet=night))
    service.take_up(replace(alert, severity="low", transition="opened"), 0)
    service.take_up(replace(alert, severity="high", version=2, transition="escalated"), 1)
    service.let_pass(seconds=1)
    assert [post.alert.transition for post in pager.posts] == ["escalated"]
    service.let_pass(hours=3)
    assert len(pager.posts) == 1


def test_what_is_the_same_has_one_id_and_what_differs_never(alert: Alert) -> None:
    record = Record(Partition("news.alerts", 0), 7, None, b"")
    again = Record(Partition("news.alerts", 1), 8, None, b"")
    same = {as_post(one, alert).id for one in (record, again)}
    others = [
        named(alert, "another"),
        replace(alert, observed=alert.observed + 1),
        replace(alert, state="acknowledged"),
        replace(alert, digest="other words"),
        replace(alert, updated_at=alert.updated_at + timedelta(microseconds=1)),
    ]
    ids = [as_post(record, other).id for other in others]
    assert len(same) == 1
    assert len({*same, *ids}) == 1 + len(others)


@pytest.mark.parametrize("id_", ["a.b", "söder", "x" * 200, "one two\n"])
def test_an_id_can_stand_in_a_header_whatever_the_alerts(alert: Alert, id_: str) -> None:
    id_of_post = as_post(Record(Partition("news.alerts", 0), 7, None, b""), named(alert, id_)).id
    assert id_of_post.isascii()
    assert id_of_post.replace("_", "").isalnum()


def test_what_is_not_taken_is_tried_again_with_one_id_until_it_is(pager, alert, start) -> None:
    pager.answers = [503, 500, 429, 408, 302, 200]
    service = start()
    service.take_up(alert)
    service.let_pass(minutes=2)
    assert len(pager.posts) == 6
    assert len({(post.headers["webhook-id"], post.body) for post in pager.posts}) == 1
    times = [int(post.headers["webhook-timestamp"]) for post in pager.posts]
    assert times == sorted(times)
    assert times[-1] - times[0] == pytest.approx(0.5 + 1 + 2 + 4 + 8, abs=3)
    assert service.counted("taken") == 1


def test_an_address_that_is_away_is_said_and_asked_once_a_minute_for_all_that_waits(
    pager: Pager, alert: Alert, start: Start
) -> None:
    pager.usual = 503
    service = start()
    for number in range(20):
        service.take_up(named(alert, f"alert {number}"), number)
    service.let_pass(hours=2)
    hourly = len(pager.posts)
    service.let_pass(hours=1)
    assert len(pager.posts) - hourly <= 61
    assert service.waiting == 20
    assert service.metrics.health.ready
    assert "20 posts wait for its address: answered 503" in service.metrics.health.warnings
    pager.usual = 204
    service.let_pass(seconds=70)
    assert service.counted("taken") == 20
    assert service.metrics.health.warnings == ""


def test_an_alerts_states_come_in_their_order_whatever_fails(pager, alert, start) -> None:
    states = [replace(alert, observed=observed) for observed in (1, 2, 3)]
    pager.answers = [500, 500]
    service = start()
    for offset, state in enumerate(states):
        service.take_up(state, offset)
    service.let_pass(minutes=1)
    assert [post.alert.observed for post in pager.posts] == [1, 1, 1, 2, 3]


def test_an_alert_that_its_address_stumbles_over_holds_up_no_other(pager, alert, start) -> None:
    pager.answers = [500]
    service = start()
    service.take_up(named(alert, "stumbled over"))
    service.let_pass(seconds=0.25)
    service.take_up(named(alert, "another"), 1)
    service.delivery.deliver_one()
    assert pager.alert_ids == ["stumbled over", "another"]


def test_what_is_refused_is_given_up_and_counted_and_the_next_comes(pager, alert, start) -> None:
    pager.answers = [404, 204]
    service = start()
    service.take_up(named(alert, "refused"))
    service.take_up(named(alert, "next"), 1)
    service.delivery.deliver_one()
    assert service.counted("refused") == 1
    assert "an alert was not posted: answered 404" in service.metrics.health.warnings
    service.delivery.deliver_one()
    assert pager.alert_ids == ["refused", "next"]
    assert service.metrics.health.warnings == ""


def test_an_address_that_asks_to_be_left_alone_is_also_by_what_is_new(pager, alert, start) -> None:
    pager.answers = [with_headers(429, Retry_After="600")]
    service = start()
    service.take_up(named(alert, "one"))
    service.let_pass(minutes=5)
    service.take_up(named(alert, "two"), 1)
    service.let_pass(minutes=4)
    assert pager.alert_ids == ["one"]
    service.let_pass(minutes=2)
    assert sorted(pager.alert_ids) == ["one", "one", "two"]


def test_after_a_day_it_is_given_up_and_counted(pager, alert: Alert, start: Start) -> None:
    pager.usual = with_headers(503, Retry_After="3600")
    service = start()
    service.take_up(alert)
    service.let_pass(hours=23, minutes=59)
    assert (service.waiting, service.counted("expired")) == (1, 0)
    service.let_pass(minutes=3)
    assert (service.waiting, service.counted("expired")) == (0, 1)
    assert read_waiting_posts(service.store, 0) == []
    tries = len(pager.posts)
    service.let_pass(hours=1)
    assert len(pager.posts) == tries


def test_what_waits_is_posted_after_a_restart_with_the_id_it_had(pager, alert, start) -> None:
    pager.usual = 503
    before = start()
    for offset, observed in enumerate((1, 2)):
        before.take_up(replace(alert, observed=observed), offset)
    before.let_pass(minutes=10)
    pager.usual = 204
    after = start(before.store, before.time)
    after.let_pass(seconds=1)
    first, *_, again, last = pager.posts
    assert again.headers["webhook-id"] == first.headers["webhook-id"]
    assert (again.body, last.alert.observed) == (first.body, 2)
    assert after.waiting == 0


def test_what_waited_for_more_than_a_day_is_given_up_after_a_restart(pager, alert, start) -> None:
    before = start()
    before.take_up(alert)
    after = start(before.store, BEGAN + timedelta(hours=25))
    after.let_pass(seconds=1)
    assert after.counted("expired") == 1
    assert pager.posts == []


def test_what_is_a_day_old_when_it_comes_is_passed_over(pager, alert, start) -> None:
    service = start()
    record = Record(Partition("news.alerts", 0), 0, None, b"", timestamp_ms=0)
    service.delivery.take_up(record, alert)
    service.let_pass(seconds=1)
    assert pager.posts == []
    assert service.waiting == 0


def test_what_there_is_no_room_for_is_counted_and_told(pager, alert, start) -> None:
    pager.usual = 503
    service = start(most_posts=2)
    for number in range(5):
        service.take_up(named(alert, f"alert {number}"), number)
    assert service.counted("dropped") == 3
    assert "more posts wait than are kept" in service.metrics.health.warnings
    pager.usual = 204
    service.let_pass(minutes=1)
    assert pager.alert_ids == ["alert 3", "alert 4"]


def test_the_largest_alert_that_can_come_is_kept(pager: Pager, alert: Alert, start: Start) -> None:
    largest = replace(alert, digest="x" * (4 * 1024 * 1024 - len(msgspec.json.encode(alert))))
    service = start()
    service.take_up(largest)
    service.let_pass(seconds=1)
    assert service.counted("taken") == 1
    assert pager.posts[0].alert == largest
