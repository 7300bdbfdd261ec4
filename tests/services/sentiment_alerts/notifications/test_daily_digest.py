from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from msgspec.structs import replace

from services.sentiment_alerts.notifications.apprise_address import as_notice
from services.sentiment_alerts.notifications.daily_digest import DailyDigest
from services.sentiment_alerts.notifications.targets import Target
from services.sentiment_alerts.posting.waiting import WaitingPosts
from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.messages import Alert
from textwire.sentiment_alerts.results.writing import alert_writes

SEVEN = datetime(2026, 3, 3, 7, 0, tzinfo=UTC)
# At eight in Berlin.
TARGET = Target(name="desk", digest_at=time(8), zone="Europe/Berlin")


class Desk:
    def __init__(self, *alerts: Alert, target: Target = TARGET) -> None:
        self.now, self.store = SEVEN, MemoryResults()
        self.store.write(write for one in alerts for write in alert_writes(one))
        self.waiting = WaitingPosts(self.store, target=target.name)
        self.target = target

    def look(self, at: datetime, partitions: tuple[int, ...] = (0,)) -> list[str]:
        self.now = at
        DailyDigest(self.target, self.waiting, self.store, lambda: self.now).look(partitions)
        waiting = self.waiting.those(lambda _: True)
        self.waiting.done_with(*waiting)
        return [as_notice(post).title for post in waiting]


def test_a_digest_is_written_once_a_day_at_its_time_by_the_targets_clock() -> None:
    desk = Desk()

    assert desk.look(SEVEN - timedelta(minutes=1)) == []
    assert desk.look(SEVEN) == ["Textwire, 03 March 2026: 0 alerts, 0 not resolved"]
    assert desk.look(SEVEN + timedelta(hours=16)) == []
    assert len(desk.look(SEVEN + timedelta(days=1))) == 1


def test_one_replica_writes_it_and_a_target_without_a_time_has_none() -> None:
    assert Desk().look(SEVEN, (1, 2)) == []
    assert Desk(target=Target(name="desk")).look(SEVEN) == []


def test_it_has_the_alerts_of_a_day_and_of_the_targets_companies(alert: Alert) -> None:
    today = replace(alert, updated_at=SEVEN - timedelta(hours=3))
    older = replace(alert, id="alert-old", updated_at=SEVEN - timedelta(hours=30))
    other = replace(today, id="alert-other", entity="Larkfield")
    of_one = Target(name="desk", digest_at=time(8), zone="Europe/Berlin", companies=("Larkfield",))

    assert "2 alerts" in Desk(today, older, other).look(SEVEN)[0]
    assert "1 alerts" in Desk(today, older, other, target=of_one).look(SEVEN)[0]


def test_it_waits_until_it_is_taken(alert: Alert) -> None:
    desk = Desk(alert)
    DailyDigest(TARGET, desk.waiting, desk.store, lambda: SEVEN).look((0,))

    after = WaitingPosts(desk.store, target="desk")
    after.take_over((0,))
    assert len(after) == 1
