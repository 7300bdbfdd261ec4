from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from textwire.observing.reports import (
    KEPT_REPORTS,
    REPORTS_KEY,
    ServiceReport,
    StageTimes,
    farewell_writes,
    gone_writes,
    read_history,
    read_reports,
    report_writes,
    succession_writes,
)
from textwire.results.memory import MemoryResults

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def report(service: str = "echoing", replica: int = 0, records_per_s: float = 1.0) -> ServiceReport:
    return ServiceReport(
        service=service,
        replica=replica,
        at=NOW,
        started_at=NOW,
        ready=True,
        records_per_s=records_per_s,
        lag={"words/0": 2, "words/1": 3},
        dead_letters=4,
        stages=(StageTimes("queue", 9, 1.0, 2.0), StageTimes("total", 9, 5.5, 9.5)),
    )


def test_the_last_report_of_each_replica_is_read_by_service_and_replica() -> None:
    store = MemoryResults()
    for one in (report("b"), report("a", 1), report("a", 0), report("a", 0, records_per_s=9.0)):
        store.write(report_writes(one))
    assert read_reports(store) == [report("a", 0, records_per_s=9.0), report("a", 1), report("b")]


def test_two_processes_of_one_number_are_both_seen() -> None:
    store = MemoryResults()
    first = process(pid=7, host="a", started_ago_s=100, reported_ago_s=0)
    second = process(pid=7, host="b", started_ago_s=50, reported_ago_s=1)
    for one in (first, second):
        store.write(report_writes(one))
    assert read_reports(store) == [first, second]


def test_a_process_that_another_came_after_is_not_shown_any_more() -> None:
    store = MemoryResults()
    killed = process(pid=7, started_ago_s=100, reported_ago_s=20)
    other = process(pid=9, replica=1, started_ago_s=100, reported_ago_s=20)
    successor = process(pid=8, started_ago_s=15, reported_ago_s=0)
    for one in (killed, other, successor):
        store.write(report_writes(one))
    assert read_reports(store) == [successor, other]


def test_what_a_predecessor_reported_last_is_deleted_and_nobody_elses() -> None:
    store = MemoryResults()
    killed = process(pid=7, started_ago_s=100, reported_ago_s=20)
    living = process(pid=9, started_ago_s=100, reported_ago_s=0)
    successor = process(pid=8, started_ago_s=15, reported_ago_s=0)
    for one in (killed, living, report("other")):
        store.write(report_writes(one))
    store.write(succession_writes(store, successor))
    assert sorted(store.fields(REPORTS_KEY)) == ["echoing:0:a:9", "other:0::0"]


def test_a_process_whose_clock_was_set_back_is_still_seen() -> None:
    store = MemoryResults()
    set_back = process(started_ago_s=0, reported_ago_s=3_600)
    store.write(report_writes(set_back))
    assert read_reports(store) == [set_back]
    assert succession_writes(store, set_back) == []


def test_who_says_farewell_takes_nobody_elses_report_along() -> None:
    store = MemoryResults()
    first, second = process(pid=7), process(pid=8)
    for one in (first, second):
        store.write(report_writes(one))
    store.write(farewell_writes(first))
    assert read_reports(store) == [second]


def process(
    started_ago_s: float = 0, reported_ago_s: float = 0, **changes: object
) -> ServiceReport:
    """A report of a process on host a."""
    times = {
        "started_at": NOW - timedelta(seconds=started_ago_s),
        "at": NOW - timedelta(seconds=reported_ago_s),
    }
    return msgspec.structs.replace(report(), **({"host": "a"} | times | changes))


def test_a_replicas_history_is_kept_oldest_first() -> None:
    store = MemoryResults()
    for rate in (1.0, 2.0, 3.0):
        store.write(report_writes(report(records_per_s=rate)))
    store.write(report_writes(report("other")))
    assert [moment.records_per_s for moment in read_history(store, "echoing", 0)] == [1, 2, 3]
    assert [moment.records_per_s for moment in read_history(store, "echoing", 0, 1)] == [3]
    moment = read_history(store, "echoing", 0)[0]
    assert (moment.p50_ms, moment.p99_ms, moment.lag, moment.dead_letters) == (5.5, 9.5, 5, 4)


def test_the_history_is_bounded() -> None:
    store = MemoryResults()
    for _ in range(KEPT_REPORTS + 5):
        store.write(report_writes(report()))
    assert len(read_history(store, "echoing", 0, 10_000)) == KEPT_REPORTS


def test_a_service_that_has_done_nothing_yet_has_a_history_too() -> None:
    store = MemoryResults()
    idle = ServiceReport(service="idle", replica=0, at=NOW, started_at=NOW, ready=False)
    store.write(report_writes(idle))
    assert read_history(store, "idle", 0)[0].p99_ms == 0.0


def test_before_the_first_report_there_is_none() -> None:
    assert read_reports(MemoryResults()) == []
    assert read_history(MemoryResults(), "echoing", 0) == []


def test_a_replica_that_has_said_nothing_for_a_day_is_missed_no_more() -> None:
    store = MemoryResults()
    gone = msgspec.structs.replace(report("gone"), at=NOW - timedelta(hours=25))
    silent = msgspec.structs.replace(report("silent"), at=NOW - timedelta(hours=23))
    for one in (gone, silent, report("alive")):
        store.write(report_writes(one))
    store.write(gone_writes(store, NOW))
    assert [one.service for one in read_reports(store)] == ["alive", "silent"]


def test_a_history_goes_a_day_after_its_last_report() -> None:
    now_s = 0.0
    store = MemoryResults(lambda: now_s)
    store.write(report_writes(report()))
    now_s = 24 * 60 * 60 + 1
    assert read_history(store, "echoing", 0) == []
