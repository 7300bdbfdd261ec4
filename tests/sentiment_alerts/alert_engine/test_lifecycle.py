"""The life of an alert, transition by transition, as its docstring draws it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from textwire.sentiment_alerts.alert_engine.lifecycle import (
    POSSIBLE,
    acted,
    handled,
    refusal,
    state_of,
    surge_severity,
    write_alert,
)
from textwire.sentiment_alerts.alert_rules import AlertRules, SeverityShifts
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.messages import ActionKind, Alert, AlertAction, AlertState, Severity
from textwire.sentiment_alerts.surges.cell_tally import Negative
from textwire.sentiment_alerts.surges.series import EntitySeries, SurgeEpisode

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNTIL = NOON + timedelta(hours=4)
TIMING = Timing()
CELL = TIMING.cell(int(NOON.timestamp() * 1000))
ARTICLES = tuple(
    Negative(int(NOON.timestamp() * 1000) + n, f"a{n}", (), f"Strike {n}") for n in range(5)
)
SURGING = SurgeEpisode(
    begun=CELL,
    raised_ms=ARTICLES[3].at_ms,
    since=CELL - 5,
    whole=True,
    topic=None,
    base=(1.0, 50.0),
    observed=5,
    exposure=6.0,
    articles=ARTICLES,
    covered=CELL,
    last=CELL,
)
ENDED = replace(SURGING, ended=CELL + 4)
TIPPED_AGAIN = replace(SURGING, times=1)
TWICE_AS_MANY = replace(SURGING, observed=10)
BY_ACTION: dict[ActionKind, AlertState] = {
    "acknowledge": "acknowledged",
    "snooze": "snoozed",
    "resolve": "resolved",
    "reopen": "reopened",
}


def action(kind: ActionKind) -> AlertAction:
    until = UNTIL if kind == "snooze" else None
    return AlertAction(alert_id="alert-1", action=kind, until=until, by="ana")


def after(
    kind: ActionKind,
    episode: SurgeEpisode,
    clock: datetime = NOON,
    severity: Severity = "low",
) -> AlertState:
    """What the stream makes of it once a person did that about the surge as it was."""
    return state_of(episode, handled(action(kind), alert("open")), clock, severity)


def alert(state: AlertState) -> Alert:
    series = EntitySeries(name="Northmere", kind="company")
    return write_alert(series, SURGING, "alert-1", state, None, TIMING)


@pytest.mark.parametrize("kind", get_args(ActionKind))
@pytest.mark.parametrize("before", get_args(AlertState))
def test_an_action_does_what_the_table_says_or_says_why_not(
    before: AlertState, kind: ActionKind
) -> None:
    reason = refusal(alert(before), action(kind), NOON)
    if kind not in POSSIBLE[before]:
        assert reason is not None
        assert before in reason
        return
    assert reason is None
    later = acted(alert(before), action(kind), NOON)
    assert later.state == BY_ACTION[kind]
    assert later.snoozed_until == (UNTIL if kind == "snooze" else None)
    assert (later.changes[-1].state, later.changes[-1].by) == (BY_ACTION[kind], "ana")


def test_what_is_resolved_can_only_be_reopened() -> None:
    assert POSSIBLE["resolved"] == ("reopen",)


def test_nobody_snoozes_into_the_past() -> None:
    assert refusal(alert("open"), action("snooze"), UNTIL - timedelta(seconds=1)) is None
    reason = refusal(alert("open"), action("snooze"), UNTIL)
    assert reason is not None
    assert "2026-03-02 16:00 UTC" in reason


@pytest.mark.parametrize("kind", get_args(ActionKind))
def test_it_stays_so_while_the_surge_goes_on_as_it_was(kind: ActionKind) -> None:
    assert after(kind, SURGING) == BY_ACTION[kind]


@pytest.mark.parametrize("kind", get_args(ActionKind))
def test_whatever_was_done_it_is_resolved_when_the_surge_ends(kind: ActionKind) -> None:
    assert after(kind, ENDED) == "resolved"
    assert state_of(ENDED, None, NOON) == "resolved"


@pytest.mark.parametrize("kind", ["acknowledge", "resolve", "reopen"])
def test_what_was_done_is_void_when_the_surge_tips_again(kind: ActionKind) -> None:
    assert after(kind, TIPPED_AGAIN) == "reopened"
    assert state_of(TIPPED_AGAIN, None, NOON) == "reopened"


def test_a_snooze_outlives_a_surge_that_ends_and_tips_again() -> None:
    assert after("snooze", ENDED) == "resolved"
    assert after("snooze", TIPPED_AGAIN) == "snoozed"
    assert after("snooze", TIPPED_AGAIN, UNTIL) == "reopened"


def test_one_that_grows_graver_ends_its_snooze() -> None:
    assert after("snooze", SURGING, severity="low") == "snoozed"
    assert after("snooze", SURGING, severity="medium") == "reopened"


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        (SeverityShifts(), "low"),
        (SeverityShifts(companies={"Northmere": 1}), "medium"),
        (SeverityShifts(companies={"Northmere": 9}), "high"),
        (SeverityShifts(companies={"Northmere": 1}, sources={"blog": -1}), "low"),
        (SeverityShifts(companies={"Larkfield": 2}), "low"),
    ],
)
def test_a_company_and_the_sources_shift_how_grave_it_is(
    shifts: SeverityShifts, expected: Severity
) -> None:
    told = replace(SURGING, articles=tuple(replace(one, source="blog") for one in ARTICLES))
    series = EntitySeries(name="Northmere", kind="company")
    assert surge_severity(series, told, AlertRules(severity=shifts)) == expected


def test_one_that_nobody_touched_is_open() -> None:
    assert state_of(SURGING, None, NOON) == "open"


def test_a_snoozed_one_comes_back_at_its_time() -> None:
    assert after("snooze", SURGING, UNTIL - timedelta(seconds=1)) == "snoozed"
    assert after("snooze", SURGING, UNTIL) == "reopened"


def test_one_that_was_resolved_comes_back_with_twice_as_many_articles() -> None:
    assert after("resolve", replace(TWICE_AS_MANY, observed=9)) == "resolved"
    assert after("resolve", TWICE_AS_MANY) == "reopened"


def test_what_is_not_changed_gets_no_second_change() -> None:
    series, first = EntitySeries(name="Northmere", kind="company"), alert("open")
    again = write_alert(series, TWICE_AS_MANY, "alert-1", "open", first, TIMING)
    assert again.observed == 10
    assert again.changes == first.changes
