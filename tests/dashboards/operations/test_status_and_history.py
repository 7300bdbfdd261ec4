from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.charts import (
    lag_chart,
    latency_chart,
    latency_note,
    partition_chart,
    service_legend,
    stage_chart,
    stage_note,
    throughput_chart,
)
from dashboards.operations.history import STEP_S, Step, steps
from dashboards.plotting import parted
from dashboards.service_status import health, overall, presence, totals, troubles
from tests.dashboards.page_examples import NOW, report
from textwire.observing.reports import ServiceMoment, StageTimes

SILENT_AFTER_S = 5.0


def moment(ago_s: float, **changes: float) -> ServiceMoment:
    fields = {"records_per_s": 10.0, "p50_ms": 5.0, "p99_ms": 20.0, "lag": 1, "dead_letters": 0}
    return ServiceMoment(at=NOW - timedelta(seconds=ago_s), **(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age_s", "ready", "word"),
    [(0, True, "Ready"), (5, True, "Ready"), (5.1, True, "Silent"), (5.1, False, "Silent"),
     (1, False, "Not ready")],
)  # fmt: skip
def test_silence_goes_before_what_was_last_reported(age_s: float, ready: bool, word: str) -> None:
    given_report = report(at=NOW - timedelta(seconds=age_s), ready=ready)
    assert health(given_report, NOW, SILENT_AFTER_S).word == word


def test_a_replica_that_does_without_something_serves_and_is_told_apart() -> None:
    state = health(report(warnings="champion: refused"), NOW, SILENT_AFTER_S)
    assert (state.word, state.why, state.serves) == ("Degraded", "champion: refused", True)
    unready = report(ready=False, reason="redis: away", warnings="champion: refused")
    state = health(unready, NOW, SILENT_AFTER_S)
    assert (state.word, state.serves) == ("Not ready", False)
    assert state.why == "redis: away; champion: refused"
    assert state.tone != health(report(warnings="x: y"), NOW, SILENT_AFTER_S).tone


def test_what_is_the_matter_names_who_and_why_and_nobody_who_is_well() -> None:
    silent = report(replica=2, at=NOW - timedelta(seconds=90))
    found = troubles([report(), report(replica=1, warnings="x: y"), silent], NOW, SILENT_AFTER_S)
    assert [(one.who, one.state.word, one.state.why) for one in found] == [
        ("support-qa · replica 1", "Degraded", "x: y"),
        ("support-qa · replica 2", "Silent", "last report 1 min ago"),
    ]


def test_two_living_processes_of_one_number_are_a_trouble_and_a_dead_one_is_no_other() -> None:
    one, other = report(host="a"), report(host="b")
    [found] = troubles([one, other], NOW, SILENT_AFTER_S)
    assert "4711 on a and 4711 on b" in found.state.why
    dead = report(host="b", at=NOW - timedelta(seconds=90))
    assert [one.state.word for one in troubles([one, dead], NOW, SILENT_AFTER_S)] == ["Silent"]


def test_customers_are_answered_also_by_a_replica_that_does_without_something() -> None:
    degraded = report(warnings="champion: refused")
    assert presence([degraded], "support-qa", NOW, SILENT_AFTER_S).word == "Online"


def test_sums_leave_out_silent_replicas_but_not_their_dead_letters() -> None:
    silent = report(replica=1, at=NOW - timedelta(minutes=1), dead_letters=3)
    total = totals([report(), silent], NOW, SILENT_AFTER_S)
    assert (total.replicas, total.ready, total.dead_letters) == (2, 1, 3)
    assert total.records_per_s == pytest.approx(18.4)
    assert total.lag == 3


def test_without_records_in_the_last_minute_there_are_no_times() -> None:
    idle = report(stages=(StageTimes("total", 0, 0.0, 0.0),))
    assert totals([idle], NOW, SILENT_AFTER_S).p99_ms is None


def test_the_whole_is_well_only_when_every_replica_is() -> None:
    well, unwell = report(), report(replica=1, ready=False)
    degraded = report(replica=2, warnings="champion: refused")
    fleets = ([], [well], [well, degraded], [well, degraded, unwell], [unwell])
    assert [overall(fleet, NOW, SILENT_AFTER_S).word for fleet in fleets] == [
        "Nothing reports",
        "All ready",
        "All ready, 1 degraded",
        "2 of 3 ready",
        "Nothing is ready",
    ]


def test_replicas_are_summed_and_the_slowest_gives_the_times() -> None:
    moments = {
        ("qa", 0): [moment(5), moment(4)],
        ("qa", 1): [moment(5, records_per_s=4.0, p99_ms=90.0, lag=7)],
    }
    [step] = steps(moments, NOW, 15)
    assert (step.records_per_s, step.p99_ms, step.lag) == (14.0, 90.0, 8)


def test_a_gap_in_the_reports_is_a_gap_in_the_line() -> None:
    shown = steps({("qa", 0): [moment(55), moment(5)]}, NOW, 15)
    assert [step.records_per_s for step in shown] == [10.0, None, None, None, None, 10.0]


def test_what_is_older_than_the_window_is_left_out() -> None:
    assert steps({("qa", 0): [moment(16 * 60)]}, NOW, 15) == []


@given(st.lists(st.floats(0, 1_200), max_size=60))
def test_steps_follow_one_another_without_holes(ages_s: list[float]) -> None:
    shown = steps({("qa", 0): [moment(age) for age in sorted(ages_s, reverse=True)]}, NOW, 15)
    gaps = {later.at - earlier.at for earlier, later in itertools.pairwise(shown)}
    assert gaps <= {timedelta(seconds=STEP_S)}
    assert all(step.at < NOW for step in shown)


def a_step(at: datetime, service: str = "qa") -> Step:
    return Step(service, at, 10.0, 5.0, 20.0, 1)


def test_a_chart_stays_the_same_drawing_while_its_figures_change() -> None:
    before, after = (
        parted(chart([a_step(NOW + timedelta(seconds=shift))]))
        for chart in (throughput_chart,)
        for shift in (0, 10)
    )
    assert before[1] == after[1]
    assert not before[0].equals(after[0])
    assert "data" not in before[1]


def test_each_line_has_its_rows() -> None:
    one, several = [a_step(NOW)], [a_step(NOW), a_step(NOW, "news")]
    assert sorted(latency_chart(one).data["half"]) == ["p50", "p99"]
    assert set(latency_chart(several).data["series"]) == {"qa", "news"}


def test_a_service_has_one_line_in_the_legend_and_in_every_chart() -> None:
    several = [a_step(NOW), a_step(NOW, "news"), a_step(NOW, "<b>")]
    legend = service_legend(several)
    assert [legend.count(name) for name in (">qa<", ">news<", "&lt;b&gt;")] == [1, 1, 1]
    specs = [chart(several).to_dict() for chart in (throughput_chart, lag_chart, latency_chart)]
    scales = [spec["encoding"]["color"]["scale"] for spec in specs]
    assert scales[0] == scales[1] == scales[2]
    assert service_legend([a_step(NOW)]) == ""


def test_each_stage_shows_its_slowest_replica() -> None:
    slow = report(replica=1, stages=(StageTimes("process", 5, 9.0, 70.0),))
    rows = stage_chart([report(), slow]).data.set_index("stage")
    assert rows.loc["process", "p99"] == 70.0
    assert list(rows.index) == ["queue", "decode", "process", "store", "publish", "total"]


def test_each_partition_has_its_bar() -> None:
    rows = partition_chart([report()]).data
    assert dict(zip(rows["partition"], rows["lag"], strict=True)) == {
        "support.questions/0": 3,
        "support.questions/1": 0,
    }


DAY_MS = 24 * 60 * 60 * 1000.0


def waits(*p99s_ms: float, p50_ms: float = 20.0) -> list[Step]:
    return [
        Step("qa", NOW + timedelta(seconds=STEP_S * n), 1.0, p50_ms, p99_ms, 0)
        for n, p99_ms in enumerate(p99s_ms)
    ]


def test_a_few_wild_waits_do_not_flatten_all_others_and_are_told() -> None:
    wild = waits(40.0, 3 * DAY_MS, 55.0)
    chart = latency_chart(wild).to_dict()
    assert chart["encoding"]["y"]["scale"] == {"domain": [0, 55.0], "clamp": True}
    assert latency_note(wild) == "solid p50, dashed p99 · up to 3 d 0 h, beyond the axis"


@pytest.mark.parametrize(
    "slow", [waits(40.0, 59_000.0), waits(2.1 * DAY_MS, 2.5 * DAY_MS, p50_ms=2 * DAY_MS)]
)
def test_a_slow_minute_and_a_backlog_are_drawn_as_they_are(slow: list[Step]) -> None:
    assert latency_chart(slow).to_dict()["encoding"]["y"]["scale"] == {"zero": True}
    assert latency_note(slow) == "solid p50, dashed p99"


def test_a_stage_with_wild_waits_is_drawn_at_the_end_and_told() -> None:
    stages = (
        StageTimes("queue", 9, 3.0, 3 * DAY_MS, misdated=2),
        StageTimes("decode", 9, 1.0, 4.0),
    )
    reports = [report(stages=stages)]
    layers = stage_chart(reports).to_dict()["layer"]
    assert layers[0]["encoding"]["x"]["scale"] == {"domain": [0, 4.0], "clamp": True}
    assert stage_note(reports) == (
        "support-qa · up to 3 d 0 h, beyond the axis · 2 records misdated, not timed"
    )


def test_usual_stages_have_nothing_to_note() -> None:
    assert stage_note([report()]) == "support-qa"
