"""A tone that falls and stays down: days that are closed, and an alert with a life of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from tests.article_scorers import DAY, Newsroom, article, burst, entries_of, essence
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.messages import Alert, AlertAction, Article, DeskEntry, Sentiment
from textwire.sentiment_alerts.results.reading import read_audit, read_desk
from textwire.sentiment_alerts.surges.rules import Rules

TIMING = Timing(step_minutes=60, window_minutes=360, lateness_minutes=60)
TOLD = ("Northmere gains", "Northmere reports", "Northmere wins", "Northmere slumps")
BAD = ("Northmere slumps", "Northmere loses", "Northmere reports", "Northmere slumps")
BEFORE, FALL_DAYS = 30, 12


def days(first: int, count: int, says: Sequence[str]) -> list[Article]:
    """Each day's articles, so far apart that no window has many of them."""
    return [
        article(100 * number + n, at_day(number) + timedelta(hours=1 + 5 * n), one)
        for number in range(first, first + count)
        for n, one in enumerate(says)
    ]


def usual_days(first: int, count: int) -> list[Article]:
    return days(first, count, TOLD)


def bad_days(first: int, count: int) -> list[Article]:
    return days(first, count, BAD)


def in_time(articles: list[Article]) -> list[Article]:
    return sorted(articles, key=lambda a: (a.published_at, a.id))


def newsroom(rules: Rules | None = None, timing: Timing = TIMING, batch: int = 64) -> Newsroom:
    return Newsroom(timing=timing, rules=rules, batch=batch)


def act(room: Newsroom, kind: str, alert: Alert, **fields: object) -> Alert:
    action = AlertAction(alert_id=alert.id, action=kind, id="x", by="ana", at=DAY, **fields)
    room.take([DeskEntry(action=action)])
    return next(one for one in room.alerts if one.id == alert.id)


def at_day(number: int) -> datetime:
    return DAY + timedelta(days=number)


FALLING = [*usual_days(0, BEFORE), *bad_days(BEFORE, FALL_DAYS)]


@pytest.fixture(scope="module")
def fallen() -> Newsroom:
    return newsroom().read(FALLING)


def test_a_tone_that_falls_is_told_in_words_with_its_articles(fallen: Newsroom) -> None:
    (alert,) = fallen.alerts
    assert (alert.kind, alert.entity, alert.topic) == ("shift", "Northmere Energy", None)
    assert alert.state == "open"
    assert alert.key == "Northmere Energy"
    assert alert.fall is not None
    assert alert.fall.before == pytest.approx(0.2, abs=0.08)
    assert alert.fall.after < -0.4
    assert alert.severity == "high"
    assert alert.digest.startswith(
        f"The tone of Northmere Energy fell from +{alert.fall.before:.2f} to -0."
    )
    assert f"over {alert.fall.days} days with {alert.fall.articles} articles." in alert.digest
    assert alert.digest.count("“") == 2
    assert alert.window_start == at_day(BEFORE)
    assert at_day(BEFORE + 3) <= alert.raised_at <= at_day(BEFORE + 10)
    assert alert.raised_at.hour == 0
    assert alert.observed == len(alert.article_ids) > 2 * alert.expected
    assert alert.p_value < 0.01
    assert alert.incident_id is not None


def test_it_is_told_anew_each_day_and_its_versions_only_grow(fallen: Newsroom) -> None:
    told = fallen.announced
    assert [one.version for one in told] == list(range(1, len(told) + 1))
    assert [one.transition for one in told][:2] == ["opened", "updated"]
    assert {one.key for one in told} == {"Northmere Energy"}
    assert len({one.incident_id for one in told}) == 1
    days = [one.fall.days for one in told if one.fall]
    assert days == list(range(days[0], days[0] + len(days)))


def test_a_tone_that_stays_as_it_was_raises_nothing() -> None:
    assert newsroom().read(usual_days(0, BEFORE + FALL_DAYS)).alerts == []


def test_a_share_of_nought_looks_for_no_fall() -> None:
    assert newsroom(Rules(shift_share=0.0)).read(FALLING).alerts == []


def test_copies_are_no_part_of_a_tone(fallen: Newsroom) -> None:
    copies = [
        article(90_000 + n, one.published_at + timedelta(minutes=3), title=f"{one.title} - Halden")
        for n, one in enumerate(FALLING[-20:])
    ]
    room = newsroom().read(in_time([*FALLING, *copies]))
    assert [one.fall for one in room.alerts] == [one.fall for one in fallen.alerts]
    assert sum(one.copy_of is not None for one in room.sentiments) == len(copies)


@pytest.mark.parametrize("batch", [1, 7, 5000])
def test_how_the_log_is_cut_and_when_it_was_restarted_changes_nothing(
    batch: int, fallen: Newsroom
) -> None:
    other = newsroom(batch=batch).read(FALLING)
    assert other.announced == fallen.announced


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_within_the_lateness_comes_to_the_same_alert(seed: int) -> None:
    shuffle, articles = random.Random(seed), [*FALLING, *close_together(FALLING)]
    come = sorted(
        articles,
        key=lambda a: (a.published_at + timedelta(minutes=shuffle.uniform(0, 59)), a.id),
    )
    usual, other = newsroom().read(in_time(articles)), newsroom(batch=5).read(come)
    assert [one.id for one in come] != [one.id for one in in_time(articles)]
    assert essence(other.alerts) == essence(usual.alerts) != []
    assert [one.fall for one in other.alerts] == [one.fall for one in usual.alerts]


def close_together(articles: list[Article]) -> list[Article]:
    """Another one of each, a quarter of an hour later."""
    return [
        article(
            50 + int(one.id[1:]),
            one.published_at + timedelta(minutes=15),
            " ".join(one.title.split()[:2]),
        )
        for one in articles
    ]


def test_a_day_is_that_of_the_zone() -> None:
    room = newsroom(timing=Timing(**(as_fields(TIMING) | {"zone": "Asia/Tokyo"}))).read(FALLING)
    (alert,) = room.alerts
    assert alert.window_start.hour == alert.raised_at.hour == 15


def as_fields(timing: Timing) -> dict[str, object]:
    return {name: getattr(timing, name) for name in timing.__struct_fields__}


def test_it_is_resolved_when_the_tone_is_back() -> None:
    room = newsroom().read([*FALLING, *usual_days(BEFORE + FALL_DAYS, 14)])
    (alert,) = room.alerts
    assert alert.state == "resolved"
    assert alert.changes[-1].note == "the tone is back"
    assert [one.transition for one in room.announced].count("resolved") == 1


def test_a_fall_that_lasts_becomes_what_is_usual_and_its_alert_is_over() -> None:
    room = newsroom().read([*FALLING, *bad_days(BEFORE + FALL_DAYS, 30)])
    (alert,) = room.alerts
    assert alert.state == "resolved"
    assert alert.changes[-1].note == "the lower tone has become what is usual"


def test_one_of_which_no_more_is_heard_is_over_too() -> None:
    others = days(BEFORE + FALL_DAYS, 32, ("Solvanta reports",))
    (alert,) = newsroom().read([*FALLING, *others]).alerts
    assert alert.state == "resolved"


def test_a_correction_within_its_day_takes_the_place_of_what_it_corrects() -> None:
    said = FALLING[-4]
    assert "Northmere" in said.title
    right = article(
        int(said.id[1:]), said.published_at, title=f"Northmere reports {said.title[-40:]}"
    )
    rest = usual_days(BEFORE + FALL_DAYS, 1)[:2]
    room = newsroom().read([*FALLING[:-3], right, *FALLING[-3:], *rest])
    plain = newsroom().read([*FALLING, *rest])
    assert read_desk(room.store).corrections == 1
    assert room.alerts[0].fall.articles == plain.alerts[0].fall.articles
    assert room.alerts[0].fall.after > plain.alerts[0].fall.after
    assert right.id not in room.alerts[0].article_ids


def test_people_act_on_it_as_on_a_surge() -> None:
    room = newsroom().read(FALLING)
    (alert,) = room.alerts
    assert act(room, "acknowledge", alert).state == "acknowledged"
    room.read(bad_days(BEFORE + FALL_DAYS, 2))
    assert room.alerts[0].state == "acknowledged"
    assert room.alerts[0].fall.days > alert.fall.days
    until = at_day(BEFORE + FALL_DAYS + 4)
    assert act(room, "snooze", alert, until=until).state == "snoozed"
    room.read(bad_days(BEFORE + FALL_DAYS + 2, 1))
    assert room.alerts[0].state == "snoozed"
    room.read(bad_days(BEFORE + FALL_DAYS + 3, 2))
    assert room.alerts[0].state == "reopened"
    assert act(room, "resolve", alert).state == "resolved"
    room.read(bad_days(BEFORE + FALL_DAYS + 5, 1))
    assert room.alerts[0].state == "resolved"
    assert [one.action for one in read_audit(room.store)] == ["resolve", "snooze", "acknowledge"]
    versions = [one.version for one in room.announced]
    assert versions == list(range(1, len(versions) + 1))


def test_a_fall_that_a_surge_told_of_has_no_alert_of_its_own() -> None:
    surge = burst(at_day(BEFORE) + timedelta(hours=9), count=9, first=95_000)
    room = newsroom().read(in_time([*FALLING, *surge]))
    (alert,) = room.alerts
    assert (alert.kind, alert.entity) == ("surge", "Northmere Energy")


def test_a_surge_takes_the_place_of_a_fall_that_stands_in_the_same_incident() -> None:
    surge = burst(at_day(BEFORE + 5) + timedelta(hours=9), count=9, first=95_000)
    room = newsroom().read(in_time([*FALLING, *surge]))
    shift, surged = room.alerts
    assert (shift.kind, surged.kind) == ("shift", "surge")
    assert shift.state == "resolved"
    assert shift.changes[-1].note == "a surge of bad news tells of it now"
    assert surged.incident_id == shift.incident_id
    assert sum(one.state != "resolved" for one in room.alerts) <= 1


def test_a_fall_long_after_a_surge_is_another_one() -> None:
    surge = burst(at_day(BEFORE - 15) + timedelta(hours=9), count=9, first=95_000)
    room = newsroom().read(in_time([*FALLING, *surge]))
    assert {one.kind for one in room.announced} == {"shift", "surge"}
    assert len({one.incident_id for one in room.announced}) == 2


def test_topics_are_watched_only_where_their_alerts_are_wished() -> None:
    told = [
        as_topic(entry, "positive" if n % 4 and n < 3 * BEFORE else "negative")
        for n, entry in enumerate(entries_of(days(0, BEFORE + FALL_DAYS, ("A raid",) * 3)))
    ]
    assert newsroom().take(told).alerts == []
    assert newsroom(Rules(topic_alerts=True)).take(told).alerts[0].topic == "legal"


def as_topic(entry: DeskEntry, label: Sentiment) -> DeskEntry:
    assert entry.sentiment is not None
    score = 0.6 if label == "positive" else -0.6
    return replace(entry, sentiment=replace(entry.sentiment, label=label, score=score))


def test_what_is_kept_of_a_company_stays_small(fallen: Newsroom) -> None:
    held = [len(value) for value in fallen.store._held.values() if isinstance(value, bytes)]
    assert max(held) < 40_000
