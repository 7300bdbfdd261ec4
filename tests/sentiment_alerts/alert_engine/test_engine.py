"""The engine: counts and alerts from a log of scored articles and actions."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.article_scorers import DAY, Newsroom, article, at, burst, entries_of, essence, quiet_day
from textwire.sentiment_alerts.alert_rules import AlertRules, EventRule
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.messages import (
    Alert,
    AlertAction,
    Article,
    DeskEntry,
    FeedReport,
)
from textwire.sentiment_alerts.results.reading import (
    read_articles_of,
    read_audit,
    read_cells,
    read_companies,
    read_desk,
    read_recent_articles,
    read_recent_stories,
)
from textwire.sentiment_alerts.surges.rules import Rules

STRIKE = quiet_day(hours=10) + burst(at(9, 7)) + quiet_day(first=100, hours=6, start_hour=10)


def in_time(articles: list[Article]) -> list[Article]:
    return sorted(articles, key=lambda a: (a.published_at, a.id))


def act(room: Newsroom, kind: str, alert: Alert | None = None, **fields: object) -> Alert:
    """Somebody acts on the last alert."""
    target = (alert or room.alerts[-1]).id
    action = AlertAction(alert_id=target, action=kind, id="x", by="ana", at=DAY, **fields)
    room.take([DeskEntry(action=action)])
    return next(one for one in room.alerts if one.id == target)


def test_a_surge_raises_one_alert_that_names_company_topic_and_articles() -> None:
    room = Newsroom().read(in_time(STRIKE))
    (alert,) = room.alerts
    assert (alert.entity, alert.topic) == ("Northmere Energy", "labour")
    assert alert.observed == 8
    assert alert.article_ids == tuple(f"a{n:04}" for n in range(500, 508))
    assert alert.window_start <= at(9, 7)
    assert alert.window_end >= at(9, 42)
    assert alert.expected < 1
    assert alert.p_value < 1e-5
    assert alert.digest.startswith("8 negative articles about Northmere Energy (labour) from")
    assert alert.state == "resolved"
    assert [change.state for change in alert.changes] == ["open", "resolved"]
    assert all(change.by is None for change in alert.changes)


def test_it_is_raised_with_the_article_that_tips_the_count() -> None:
    room = Newsroom(batch=1).read(in_time(STRIKE))
    first = room.announced[0]
    tipped = next(n for n, result in enumerate(room.results) if len(result.messages) > 1)
    assert first.state == "open"
    assert first.raised_at == in_time(STRIKE)[tipped].published_at
    assert 4 <= first.observed <= 6


def test_it_is_updated_as_the_story_grows() -> None:
    room = Newsroom(batch=1).read(in_time(STRIKE))
    observed = [alert.observed for alert in room.announced]
    assert observed == sorted(observed)
    assert observed[-1] == 8
    assert len({alert.id for alert in room.announced}) == 1


def test_quiet_news_raise_nothing() -> None:
    room = Newsroom().read(in_time(quiet_day(hours=48)))
    assert room.alerts == []


def test_copies_are_shown_and_counted_apart() -> None:
    story = article(500, at(9, 7), "Northmere strike hits the dock")
    copies = [
        article(501 + n, at(9, 8 + n), title=story.title + " - Halden Press") for n in range(10)
    ]
    room = Newsroom().read(in_time([*quiet_day(hours=9), story, *copies, *quiet_day(900, 3, 10)]))
    assert room.alerts == []
    assert {s.copy_of for s in room.sentiments if s.copy_of} == {"a0500"}
    cells = read_cells(room.store, "Northmere Energy", "labour")
    assert (sum(c.negative for c in cells), sum(c.copies for c in cells)) == (1, 10)
    shown = read_articles_of(room.store, "Northmere Energy", "labour", 20)
    assert sum(one.sentiment.copy_of is not None for one in shown) == 10
    assert read_desk(room.store).copies == 10


def test_an_article_that_is_sent_twice_is_counted_once() -> None:
    once = Newsroom().read(in_time(STRIKE))
    twice = Newsroom().read([one for one in in_time(STRIKE) for _ in range(2)])
    assert essence(twice.alerts) == essence(once.alerts)
    cells = [read_cells(room.store, "Northmere Energy", None) for room in (once, twice)]
    assert [c.articles for c in cells[0]] == [c.articles for c in cells[1]]
    assert all(one.copy_of != one.article_id for one in twice.sentiments)


def test_a_late_article_is_shown_and_in_no_count() -> None:
    room = Newsroom().read(in_time(STRIKE))
    before = read_desk(room.store)
    late = article(999, at(3), "Larkfield fire")
    room.read([late])
    assert read_desk(room.store).late == before.late + 1
    assert read_recent_articles(room.store, 1)[0].sentiment.article_id == late.id
    cells = read_cells(room.store, "Larkfield", "safety")
    assert cells == []


def test_all_that_goes_in_is_in_the_counts() -> None:
    room = Newsroom().read(in_time(STRIKE))
    counted = sum(c.articles for c in read_cells(room.store, "Northmere Energy", None))
    assert counted == sum("Northmere" in one.title for one in STRIKE)
    assert read_desk(room.store).articles == len(STRIKE)
    assert {c.entity for c in read_companies(room.store)} >= {"Northmere Energy", "Larkfield"}


@pytest.mark.parametrize("batch", [1, 1000])
def test_a_copy_that_comes_before_its_first_changes_nothing_in_the_counts(batch: int) -> None:
    (first, *rest) = burst(at(9, 7))
    copy = article(600, at(9, 9), title=f"{first.title} - Halden Press")
    before, after = quiet_day(hours=9), in_time(quiet_day(900, 4, 10))
    usual = Newsroom(batch=batch).read([*before, first, copy, *rest, *after])
    other = Newsroom(batch=batch).read([*before, copy, first, *rest, *after])
    assert essence(other.alerts) == essence(usual.alerts)
    for key in (("Northmere Energy", None), ("Northmere Energy", "labour"), (None, "labour")):
        assert read_cells(other.store, *key) == read_cells(usual.store, *key)
    assert [s.copy_of for s in other.sentiments if s.article_id == "a0600"] == [None, first.id]
    assert read_desk(other.store).copies == read_desk(usual.store).copies == 1


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_how_the_log_is_cut_into_batches_changes_nothing(batch: int) -> None:
    usual = Newsroom().read(in_time(STRIKE))
    other = Newsroom(batch=batch).read(in_time(STRIKE))
    assert essence(other.alerts) == essence(usual.alerts)
    assert other.announced == usual.announced
    assert read_desk(other.store) == read_desk(usual.store)


@settings(max_examples=10)
@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_any_order_within_the_lateness_comes_to_the_same_alerts(
    shuffle: random.Random, second: int
) -> None:
    articles = in_time([*STRIKE, *burst(at(9, 20 + second), 6, "Brackwell recalls", first=600)])
    minutes = Timing().lateness_minutes
    come = sorted(
        articles,
        key=lambda a: a.published_at + timedelta(minutes=shuffle.uniform(0, minutes - 0.01)),
    )
    usual, other = Newsroom().read(articles), Newsroom(batch=5).read(come)
    assert read_desk(other.store).late == 0
    assert essence(other.alerts) == essence(usual.alerts)


def test_partitions_that_do_not_keep_pace_make_nothing_late() -> None:
    articles = in_time(STRIKE)
    timing = Timing(sources=2)
    by_turns = Newsroom(timing=timing).take(
        [entries_of([one], n % 2)[0] for n, one in enumerate(articles)]
    )
    one_first = Newsroom(timing=timing).take(
        [*entries_of(articles[::2], 0), *entries_of(articles[1::2], 1)]
    )
    assert read_desk(one_first.store).late == 0
    assert essence(one_first.alerts) == essence(by_turns.alerts) != []


def test_one_event_of_two_companies_is_one_alert() -> None:
    both = burst(at(9, 7), 8, "Northmere and Brackwell strike")
    room = Newsroom().read(in_time([*quiet_day(hours=9), *both, *quiet_day(900, 4, 10)]))
    (alert,) = room.alerts
    assert alert.entity in ("Northmere Energy", "Brackwell Motors")
    assert alert.observed == 8


def raids(count: int) -> list[Article]:
    """Of one topic, and spread over all companies."""
    names = ("Northmere", "Brackwell", "Solvanta", "Larkfield")
    hour = [article(500 + n, at(9, 7 + 2 * n), f"{names[n % 4]} raid") for n in range(count)]
    return in_time([*quiet_day(hours=9), *hour, *quiet_day(900, 4, 10)])


def test_a_topic_across_companies_is_an_alert_where_that_is_wished() -> None:
    room = Newsroom(rules=Rules(topic_alerts=True)).read(raids(14))
    assert [(alert.entity, alert.topic) for alert in room.alerts] == [(None, "legal")]
    assert Newsroom().read(raids(14)).alerts == []


def test_a_topic_needs_more_articles_than_a_company() -> None:
    assert Newsroom(rules=Rules(topic_alerts=True)).read(raids(11)).alerts == []


def test_a_surge_that_returns_soon_reopens_its_alert() -> None:
    again = [*STRIKE, *burst(at(13), 8, "Northmere strike", first=700), *quiet_day(200, 4, 16)]
    room = Newsroom().read(in_time(again))
    (alert,) = room.alerts
    assert [c.state for c in alert.changes] == ["open", "resolved", "reopened", "resolved"]
    assert alert.observed == 16


def test_a_surge_days_later_is_another_alert() -> None:
    days = [*STRIKE, *quiet_day(200, 40, 16), *burst(at(50), 8, "Northmere strike", first=700)]
    room = Newsroom().read(in_time([*days, *quiet_day(800, 4, 52)]))
    assert [alert.observed for alert in room.alerts] == [8, 8]
    assert len({alert.id for alert in room.alerts}) == 2


def test_a_company_that_is_always_in_the_news_needs_more_for_a_surge() -> None:
    hourly = [
        article(2000 + 3 * hour + n, at(hour, 3 + 17 * n), "Solvanta loses")
        for hour in range(60)
        for n in range(3)
    ]
    more = burst(at(60, 1), 5, "Solvanta loses", first=700)
    room = Newsroom().read(in_time([*hourly, *more, *quiet_day(800, 4, 62)]))
    assert room.alerts == []


def test_a_bulk_load_and_then_live_news_raise_an_alert_with_the_article_that_tips() -> None:
    """The load comes through four partitions within a second, and the news minutes later."""
    load = [replace(one, written_at=DAY) for n in range(4) for one in entries_of(STRIKE[n::4], n)]
    live = [
        replace(entry, written_at=DAY + timedelta(minutes=5 + n), partition=n % 4)
        for n, entry in enumerate(entries_of(burst(at(40), 8, "Brackwell recalls", first=800)))
    ]
    room = Newsroom(timing=Timing(sources=4), batch=1).take(load)
    while not (told := [one for one in room.alerts if one.entity == "Brackwell Motors"]):
        entry = live.pop(0)
        room.take([entry])
    assert told[0].observed <= 6
    assert told[0].raised_at == entry.sentiment.published_at


def test_good_news_that_outnumber_the_bad_ones_withdraw_what_was_told_early() -> None:
    """A blowout of earnings: some headlines of it are read as bad."""
    good = [article(600 + n, at(9, 18 + n / 10), "Northmere soars") for n in range(9)]
    before = in_time([*quiet_day(hours=9), *burst(at(9, 7), 6, every=2)])
    room = Newsroom().read(before)
    assert [alert.state for alert in room.alerts] == ["open"]
    room.read(in_time([*good, *quiet_day(900, 4, 10)]))
    assert room.alerts == []
    assert room.announced[-1].state == "resolved"
    assert room.announced[-1].changes[-1].note == "no surge any more"


def test_what_is_good_for_a_company_is_no_bad_news_of_it_whatever_the_article_says() -> None:
    says = "Brackwell strike while Northmere wins"
    both = [article(500 + n, at(9, 7 + 4 * n), says) for n in range(8)]
    room = Newsroom().read(in_time([*quiet_day(hours=9), *both, *quiet_day(900, 4, 10)]))
    assert [alert.entity for alert in room.alerts] == ["Brackwell Motors"]


def corrected(number: int, says: str, minutes: float = 50) -> Article:
    return article(number, at(9, minutes), f"Correction: {says}")


def test_a_correction_takes_the_place_of_what_it_corrects_in_counts_and_page() -> None:
    room = open_alert()
    before, was = read_desk(room.store), read_cells(room.store, "Northmere Energy", None)
    room.read([corrected(507, "Northmere wins")])
    cells = read_cells(room.store, "Northmere Energy", None)
    assert sum(c.negative for c in cells) == sum(c.negative for c in was) - 1
    assert sum(c.positive for c in cells) == 1
    after = read_desk(room.store)
    assert (after.articles, after.corrections) == (before.articles, 1)
    listed = read_articles_of(room.store, "Northmere Energy", None, 100)
    shown = next(one.sentiment for one in listed if one.sentiment.article_id == "a0507")
    assert shown.title.startswith("Correction")
    assert (shown.label, shown.published_at) == ("positive", at(9, 42))
    assert all(
        one.sentiment.article_id != "a0507"
        for one in read_articles_of(room.store, "Northmere Energy", "labour", 100)
    )


def test_a_correction_takes_its_place_in_the_alert() -> None:
    room = open_alert()
    room.read([corrected(507, "Northmere wins")])
    assert room.alerts[0].observed == 7
    assert "a0507" not in room.alerts[0].article_ids
    room.read([corrected(506, "Northmere strike grows")])
    assert room.alerts[0].observed == 7
    assert "a0506" in room.alerts[0].article_ids


@pytest.mark.parametrize("closed", [False, True])
def test_an_alert_of_which_corrections_leave_too_little_is_over(closed: bool) -> None:
    room = Newsroom().read(in_time(quiet_day(hours=9) + burst(at(9, 7), 6, every=1)))
    if closed:
        room.read([article(900, at(9, 40), "Solvanta reports")])
    assert [alert.state for alert in room.alerts] == ["open"]
    room.read([corrected(500 + n, "Northmere wins", 41) for n in range(4)])
    assert room.announced[-1].state == "resolved"
    assert [a.state for a in room.alerts] == (["resolved"] if closed else [])


def test_a_correction_of_long_ago_is_shown_and_changes_no_count() -> None:
    room = Newsroom().read(in_time(STRIKE))
    before = read_cells(room.store, "Northmere Energy", None)
    room.read([article(507, at(16), "Correction: Northmere wins")])
    assert read_cells(room.store, "Northmere Energy", None) == before
    listed = read_articles_of(room.store, "Northmere Energy", None, 100)
    assert any(one.sentiment.title.startswith("Correction") for one in listed)


def test_of_a_thousand_articles_an_alert_tells_some_dozens_of_times() -> None:
    flood = burst(at(9, 7), 1000, "Northmere strike", first=5000, every=0.03)
    told = [replace(one, title=f"{one.title} {n} {n * 7919}") for n, one in enumerate(flood)]
    room = Newsroom().read([*in_time(quiet_day(hours=9)), *told])
    assert room.alerts[0].observed > 700
    assert len(room.announced) < 40
    assert len(room.alerts[0].article_ids) <= 50


def open_alert() -> Newsroom:
    return Newsroom().read(in_time(quiet_day(hours=9) + burst(at(9, 7))))


def test_people_acknowledge_and_resolve() -> None:
    room = open_alert()
    assert act(room, "acknowledge", note="on it").state == "acknowledged"
    room.read(burst(at(9, 48), 2, first=700))
    assert room.alerts[0].state == "acknowledged"
    assert room.alerts[0].observed == 10
    alert = act(room, "resolve")
    assert alert.state == "resolved"
    assert [(c.state, c.by, c.note) for c in alert.changes] == [
        ("open", None, None),
        ("acknowledged", "ana", "on it"),
        ("resolved", "ana", None),
    ]


def test_what_is_resolved_stays_so_unless_as_much_again_comes() -> None:
    room = open_alert()
    act(room, "resolve")
    room.read(burst(at(9, 48), 3, first=700, every=2))
    assert room.alerts[0].state == "resolved"
    room.read(burst(at(9, 55), 6, first=800, every=1))
    assert room.alerts[0].state == "reopened"


def test_a_snoozed_alert_comes_back_when_it_still_surges_then() -> None:
    room = open_alert()
    alert = act(room, "snooze", until=at(10, 30))
    assert (alert.state, alert.snoozed_until) == ("snoozed", at(10, 30))
    room.read(burst(at(9, 50), 1, first=700))
    assert room.alerts[0].state == "snoozed"
    room.read(burst(at(10, 25), 9, first=800))
    assert (room.alerts[0].state, room.alerts[0].snoozed_until) == ("reopened", None)


def test_a_snoozed_alert_comes_back_as_soon_as_it_is_graver() -> None:
    room = open_alert()
    before = act(room, "snooze", until=at(20))
    room.read(burst(at(9, 43), 12, first=700, every=1))
    after = room.alerts[0]
    assert (before.severity, after.severity) == ("medium", "high")
    assert (after.state, after.snoozed_until) == ("reopened", None)


def test_an_action_that_its_state_does_not_allow_changes_nothing() -> None:
    room = open_alert()
    assert act(room, "snooze", until=at(3)).state == "open"
    act(room, "resolve")
    before = room.alerts
    for kind in ("acknowledge", "snooze", "resolve"):
        act(room, kind, until=at(20))
    assert room.alerts == before
    assert [one.action for one in read_audit(room.store)] == ["resolve"]


def test_who_did_what_is_kept() -> None:
    room = open_alert()
    act(room, "acknowledge", note="on it")
    (audited,) = read_audit(room.store)
    assert (audited.by, audited.action, audited.note) == ("ana", "acknowledge", "on it")
    assert (audited.before, audited.after) == ("open", "acknowledged")
    assert audited.entity == "Northmere Energy"


def test_an_alert_has_one_key_all_its_life_and_versions_that_only_grow() -> None:
    room = Newsroom(batch=1).read(in_time(quiet_day(hours=9) + burst(at(9, 7))))
    act(room, "acknowledge")
    room.read(in_time(burst(at(9, 50), 12, "Northmere raid", first=700, every=1)))
    room.read(in_time(quiet_day(900, 6, 11)))
    told = room.announced
    assert {alert.key for alert in told} == {"Northmere Energy"}
    assert [alert.version for alert in told] == list(range(1, len(told) + 1))
    transitions = [alert.transition for alert in told if alert.transition != "updated"]
    assert transitions == ["opened", "acknowledged", "escalated", "resolved"]


BANKRUPT = AlertRules(
    event=(EventRule(name="bankruptcy", severity="high", phrases=("files for bankruptcy",)),)
)


def bankrupt(number: int, when: datetime) -> Article:
    return article(number, when, "Larkfield files for bankruptcy after fire")


def test_one_article_is_enough_for_an_event() -> None:
    room = Newsroom(alert_rules=BANKRUPT).read(
        in_time([*quiet_day(hours=9), bankrupt(600, at(9, 7))])
    )
    (alert,) = room.alerts
    assert (alert.kind, alert.rule, alert.entity) == ("event", "bankruptcy", "Larkfield")
    assert (alert.severity, alert.state, alert.article_ids) == ("high", "open", ("a0600",))
    assert alert.digest.startswith("Bankruptcy: “Larkfield files for bankruptcy")


def test_an_event_that_is_told_again_is_one_alert_and_is_over_after_a_day() -> None:
    room = Newsroom(alert_rules=BANKRUPT).read([bankrupt(600, at(9)), bankrupt(601, at(11))])
    assert [(one.observed, one.version) for one in room.alerts] == [(2, 2)]
    room.read([article(700, at(36), "Solvanta reports")])
    assert [one.state for one in room.alerts] == ["resolved"]
    room.read([article(602, at(40), "Larkfield files for bankruptcy again after fire")])
    assert [one.state for one in room.alerts] == ["resolved", "open"]


OUTAGES = AlertRules(
    event=(EventRule(name="outage", plain=("outage|outages", "locked out", "app fails|down")),)
)


def alerts_after_an_outage(*later: tuple[int, str]) -> int:
    """How many alerts there are of an outage and what is written in hours after it."""
    room = Newsroom(alert_rules=OUTAGES)
    room.read([article(600, at(9), "Larkfield outage hits card payments at Halden shops")])
    for number, (hours, title) in enumerate(later):
        # What stands between them moves the clock.
        room.read([article(700 + 2 * number, at(hours - 1), "Solvanta reports")])
        room.read([article(701 + 2 * number, at(hours), title)])
    return len({alert.id for alert in room.announced})


@pytest.mark.parametrize(
    "title",
    [
        "Larkfield customers still locked out after four weeks",
        "Larkfield outage to cost bank 40 million",
        "Larkfield fined over outage",
        "Larkfield sued over outage",
        "Card outage at Halden shops rankles with Larkfield clients",
        "Larkfield outage drags into second week",
    ],
)
def test_what_comes_of_an_event_weeks_later_is_no_alert_anew(title: str) -> None:
    assert alerts_after_an_outage((9 + 20 * 24, title)) == 1


@pytest.mark.parametrize(
    "title",
    [
        "Larkfield app down for thousands in Norway",
        "Larkfield customers locked out again",
        "Second Larkfield outage hits card payments at Halden shops",
        "Larkfield app fails on day lawmakers open inquiry into outages",
    ],
)
def test_a_second_event_of_a_kind_is_an_alert_of_its_own(title: str) -> None:
    assert alerts_after_an_outage((9 + 20 * 24, title)) == 2


def test_a_second_wave_of_what_is_told_of_an_event_is_an_alert() -> None:
    titles = (
        "Larkfield fined over outage", "Larkfield outage bill grows", "Larkfield sued over outage",
    )  # fmt: skip
    spread = [(9 + 24 * days, title) for days, title in zip((10, 12, 14), titles, strict=True)]
    assert alerts_after_an_outage(*spread) == 1
    within_a_day = [(249 + 2 * n, title) for n, title in enumerate(titles)]
    assert alerts_after_an_outage(*within_a_day) == 2


def test_an_event_is_forgotten_two_months_after_the_last_word() -> None:
    title = "Larkfield fined over outage"
    assert alerts_after_an_outage((9 + 60 * 24, title)) == 2
    assert alerts_after_an_outage((9 + 40 * 24, title), (9 + 80 * 24, title)) == 1


def test_people_act_on_an_event_as_on_a_surge() -> None:
    room = Newsroom(alert_rules=BANKRUPT).read([bankrupt(600, at(9))])
    assert act(room, "snooze", until=at(12)).state == "snoozed"
    room.read([bankrupt(601, at(10))])
    assert room.alerts[0].state == "snoozed"
    room.read([article(700, at(13), "Solvanta reports")])
    assert room.alerts[0].state == "reopened"
    assert act(room, "resolve").state == "resolved"
    assert act(room, "acknowledge").state == "resolved"


def test_a_surge_of_a_grave_event_is_grave_however_few_its_articles_are() -> None:
    rules = AlertRules(event=(EventRule(name="strike", severity="high", phrases=("strike",)),))
    news = in_time(quiet_day(hours=9) + burst(at(9, 7), 6, every=1))
    assert [one.severity for one in Newsroom().read(news).alerts] == ["medium"]
    alerts = Newsroom(alert_rules=rules).read(news).alerts
    assert {one.kind: one.severity for one in alerts} == {"surge": "high", "event": "high"}


def test_a_snoozed_alert_whose_surge_is_over_is_resolved() -> None:
    room = open_alert()
    act(room, "snooze", until=at(20))
    room.read(in_time(quiet_day(900, 6, 10)))
    assert room.alerts[0].state == "resolved"


def test_people_reopen_what_is_over_and_the_stream_leaves_it_so() -> None:
    room = Newsroom().read(in_time(STRIKE))
    assert act(room, "reopen").state == "reopened"
    room.read([article(3000, at(16, 30), "Northmere slumps")])
    assert room.alerts[0].state == "reopened"


def test_an_action_in_the_batch_that_raises_the_alert_is_not_lost() -> None:
    usual = open_alert()
    id_ = usual.alerts[0].id
    action = DeskEntry(action=AlertAction(alert_id=id_, action="acknowledge", by="ana", at=DAY))
    room = Newsroom(batch=1000)
    room.take([*entries_of(in_time(quiet_day(hours=9) + burst(at(9, 7)))), action])
    assert room.alerts[0].state == "acknowledged"


def test_an_action_on_an_alert_that_is_gone_changes_nothing() -> None:
    room = open_alert()
    before = room.alerts
    gone = AlertAction(alert_id="alert-gone", action="resolve", by="ana", at=DAY)
    room.take([DeskEntry(action=gone)])
    assert room.alerts == before


def test_a_long_silence_is_stepped_over() -> None:
    years_ago = [article(1, at(-24 * 365 * 30), "Northmere reports")]
    room = Newsroom().read([*years_ago, *in_time(STRIKE)])
    assert [alert.observed for alert in room.alerts] == [8]


def test_pages_find_articles_by_company_topic_and_both() -> None:
    room = Newsroom().read(in_time(STRIKE))
    for entity, topic in (
        ("Northmere Energy", None),
        (None, "labour"),
        ("Northmere Energy", "labour"),
    ):
        assert len(read_articles_of(room.store, entity, topic, 100)) >= 8, (entity, topic)


@pytest.mark.parametrize("year", [1970, 1605])
def test_an_article_that_is_dated_long_ago_takes_the_pages_nowhere(year: int) -> None:
    room = Newsroom().read(in_time(quiet_day(hours=12)))
    engine = read_desk(room.store)
    before = read_companies(room.store)
    old = article(900, datetime(year, 1, 1, tzinfo=UTC), "Northmere strike")
    room.take(entries_of([old], partition=1))
    after = read_desk(room.store)
    assert engine is not None
    assert after is not None
    assert engine.watermark - timedelta(minutes=10) < after.watermark <= engine.watermark
    assert after.late == engine.late + 1
    assert read_companies(room.store) == before
    assert read_recent_articles(room.store, 1)[0].sentiment.title == old.title


def test_a_company_of_which_only_old_news_came_is_known_all_the_same() -> None:
    room = Newsroom().read([article(1, at(1), "Solvanta reports")])
    room.read([article(2, datetime(1970, 1, 1, tzinfo=UTC), "Northmere strike")])
    assert [one.entity for one in read_companies(room.store)] == [
        "Northmere Energy",
        "Solvanta Power",
    ]


def through(partition: int, minutes: float, number: int) -> DeskEntry:
    """A quiet article of a partition, written so many minutes after the day began."""
    (entry,) = entries_of([article(number, at(0, minutes), "Solvanta reports")], partition)
    return replace(entry, written_at=at(0, minutes))


def test_a_partition_from_which_nothing_comes_is_told_until_something_does() -> None:
    room = Newsroom(timing=Timing(sources=2))
    room.take([through(n % 2, n, n) for n in range(10)])
    room.take([through(0, 10 + n, 100 + n) for n in range(29)])
    assert room.alerts == []
    room.take([through(0, 40 + n, 200 + n) for n in range(3)])
    (alert,) = room.alerts
    assert (alert.kind, alert.key, alert.state) == ("silence", "silence", "open")
    assert "partition 1" in alert.digest
    room.take([through(1, 44, 300)])
    assert [one.state for one in room.alerts] == ["resolved"]


def test_a_bulk_load_that_fills_one_partition_after_another_is_no_silence() -> None:
    load = [replace(through(n // 100, n, n), written_at=DAY) for n in range(400)]
    assert Newsroom(timing=Timing(sources=4)).take(load).alerts == []


def test_copies_and_corrections_belong_to_the_story_of_their_original() -> None:
    story = article(500, at(9, 7), "Northmere strike hits the dock")
    copy = article(501, at(9, 9), f"{story.title} - Halden Press")
    corrected = article(500, at(9, 20), "Northmere strike ends at the dock")
    room = Newsroom(batch=1).read([*quiet_day(hours=9), story, copy, corrected])
    ids = {one.story_id for one in room.sentiments if one.article_id in (story.id, copy.id)}
    assert len(ids) == 1
    (told,) = [one for one in read_recent_stories(room.store) if one.id in ids]
    assert told.copies == 1


def dead_feed(condition: str, hour: float, feed: str = "https://wire.example/rss") -> DeskEntry:
    return DeskEntry(
        feed=FeedReport(
            feed=feed,
            source="Harbour Wire",
            condition=condition,
            since=at(1),
            at=at(hour),
            reason="answered 503" if condition == "failing" else "",
        )
    )


def test_a_dead_feed_is_an_alert_of_its_own_until_it_is_alive_again() -> None:
    room = Newsroom().read(in_time(quiet_day(hours=2)))

    room.take([dead_feed("failing", 3), dead_feed("failing", 3, "https://blog.example/rss")])
    first, other = sorted(room.alerts, key=lambda one: "blog" in one.digest)
    assert first.kind == other.kind == "silence"
    assert first.id != other.id
    assert first.digest.startswith("The feed Harbour Wire (https://wire.example/rss) answers with")
    assert first.digest.endswith("UTC: answered 503.")

    room.take([dead_feed("silent", 30)])
    assert {one.id for one in room.alerts} == {first.id, other.id}
    room.take([dead_feed("alive", 31)])
    states = {one.id: one.state for one in room.alerts}
    assert states == {first.id: "resolved", other.id: "open"}
    assert [one.version for one in room.announced if one.id == first.id] == [1, 2, 3]


def test_people_act_on_the_alert_of_a_dead_feed() -> None:
    room = Newsroom().read(in_time(quiet_day(hours=2)))
    room.take([dead_feed("failing", 3)])

    assert act(room, "acknowledge").state == "acknowledged"
