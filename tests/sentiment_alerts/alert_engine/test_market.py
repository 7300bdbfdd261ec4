"""The tone of all companies together: a fall of all is told once, that of one is none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.article_scorers import DAY, Newsroom, article
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.messages import Alert, AlertAction, Article, DeskEntry
from textwire.sentiment_alerts.surges.rules import Rules

TIMING = Timing(step_minutes=60, window_minutes=360, lateness_minutes=60)
PLACES = ("Aldmoor", "Birch", "Calder", "Dunlow", "Elsing", "Farlow", "Garth", "Holm", "Iver",
          "Jarrow", "Kelso", "Lyme")  # fmt: skip
USUAL = ("gains", "opens", "reports", "slumps")
BEFORE, CRASH = 14, 4


def day_of(number: int, says: Sequence[str]) -> list[Article]:
    """A day with a story from each place, an hour or so apart."""
    return [
        article(
            1000 * number + n,
            DAY + timedelta(days=number, hours=1.5 * n),
            title=_title(place, says[(n + number) % len(says)], chr(ord("a") + number)),
        )
        for n, place in enumerate(PLACES)
    ]


def _title(place: str, verb: str, day: str) -> str:
    """Of words that no other day or place has."""
    return f"{verb} {' '.join(place + day + end for end in ('ham', 'ton', 'wick', 'ford', 'ley'))}"


def days_of(first: int, count: int, says: Sequence[str]) -> list[Article]:
    return [one for number in range(first, first + count) for one in day_of(number, says)]


CRASHING = [*days_of(0, BEFORE, USUAL), *days_of(BEFORE, CRASH, ("slumps",))]


def market_alerts(room: Newsroom) -> list[Alert]:
    return [alert for alert in room.alerts if alert.kind == "market"]


def newsroom(rules: Rules | None = None, batch: int = 64) -> Newsroom:
    return Newsroom(timing=TIMING, rules=rules, batch=batch)


@pytest.fixture(scope="module")
def crashed() -> Newsroom:
    return newsroom().read([*CRASHING, *days_of(BEFORE + CRASH, 1, USUAL)])


def at_day(number: int) -> datetime:
    return DAY + timedelta(days=number)


def test_a_fall_of_all_is_one_alert_with_its_breadth_in_words(crashed: Newsroom) -> None:
    (alert,) = market_alerts(crashed)
    assert (alert.entity, alert.topic, alert.key) == (None, None, "market")
    assert alert.fall is not None
    assert alert.breadth is not None
    assert alert.fall.after < alert.fall.before - 0.4
    assert alert.breadth.share > 0.6 > alert.breadth.usual + 0.3
    assert alert.severity == "high"
    assert alert.digest.startswith("The tone of the whole market fell from ")
    assert "companies and stories are negative" in alert.digest
    assert alert.incident_id is not None


def test_a_crash_does_not_wait_for_the_end_of_its_day(crashed: Newsroom) -> None:
    (alert,) = market_alerts(crashed)
    assert at_day(BEFORE) < alert.raised_at < at_day(BEFORE + 2)
    assert alert.raised_at.hour != 0


def test_days_as_usual_raise_nothing() -> None:
    assert market_alerts(newsroom().read(days_of(0, BEFORE + CRASH, USUAL))) == []


def test_a_share_of_nought_looks_for_none() -> None:
    assert market_alerts(newsroom(Rules(market_share=0.0)).read(CRASHING)) == []


def test_one_companys_scandal_is_no_fall_of_the_market() -> None:
    scandal = [
        article(
            500_000 + 100 * number + n,
            at_day(number) + timedelta(minutes=28 * n),
            title=f"Northmere slumps after raid {number} of {n} offices",
        )
        for number in range(BEFORE, BEFORE + CRASH)
        for n in range(30)
    ]
    usual = days_of(0, BEFORE + CRASH, USUAL)
    told = sorted([*usual, *scandal], key=lambda one: (one.published_at, one.id))
    room = newsroom().read(told)
    assert market_alerts(room) == []
    assert any(alert.kind == "surge" for alert in room.alerts)


def test_how_the_log_is_cut_changes_nothing(crashed: Newsroom) -> None:
    other = newsroom(batch=13).read([*CRASHING, *days_of(BEFORE + CRASH, 1, USUAL)])
    assert other.announced == crashed.announced


def test_versions_grow_and_the_key_and_the_incident_stay(crashed: Newsroom) -> None:
    told = [one for one in crashed.announced if one.kind == "market"]
    assert [one.version for one in told] == list(range(1, len(told) + 1))
    assert len({(one.id, one.key, one.incident_id) for one in told}) == 1


def test_it_is_resolved_once_the_tone_is_back() -> None:
    room = newsroom().read([*CRASHING, *days_of(BEFORE + CRASH, 12, USUAL)])
    (alert,) = market_alerts(room)
    assert alert.state == "resolved"
    assert alert.changes[-1].note == "the tone is back"


def test_people_act_on_it_as_on_any_alert() -> None:
    room = newsroom().read(CRASHING)
    (alert,) = market_alerts(room)
    room.take([DeskEntry(action=AlertAction(alert_id=alert.id, action="acknowledge", id="x"))])
    (after,) = market_alerts(room)
    assert after.state == "acknowledged"


def test_a_companys_alert_with_the_same_story_is_of_the_same_incident() -> None:
    surge = [
        article(
            700_000 + n,
            at_day(BEFORE + 1) + timedelta(hours=20, minutes=3 * n),
            title=f"Northmere slumps as panic selling {word} markets everywhere",
        )
        for n, word in enumerate(("grips", "hits", "shakes", "floods", "stuns", "rattles"))
    ]
    tide = [
        article(
            800_000 + n,
            at_day(BEFORE + 1) + timedelta(hours=1, minutes=9 * n),
            title=f"{place} slumps as panic selling shakes {place}hall markets",
        )
        for n, place in enumerate(PLACES)
    ]
    told = [*CRASHING, *surge, *tide, *days_of(BEFORE + CRASH, 1, USUAL)]
    room = newsroom().read(sorted(told, key=lambda one: (one.published_at, one.id)))
    (market,) = market_alerts(room)
    assert [one.incident_id for one in room.alerts if one.kind == "surge"] == [market.incident_id]
