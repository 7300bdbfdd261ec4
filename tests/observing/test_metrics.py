from __future__ import annotations

import os
import socket

from prometheus_client import generate_latest

from tests.observing.test_stages import Clock
from textwire.observing.condition_metrics import MOST_SERIES
from textwire.observing.health import Health
from textwire.observing.metrics import RATE_WINDOW_S, ServiceMetrics
from textwire.wire.record import Partition

FIRST, SECOND = Partition("words", 0), Partition("words", 1)


def metrics(clock: Clock | None = None, health: Health | None = None) -> ServiceMetrics:
    return ServiceMetrics("echoing", 3, health or Health(), clock=clock or Clock())


def exposed(service: ServiceMetrics) -> list[str]:
    return generate_latest(service.registry).decode().splitlines()


def test_a_report_says_who_and_what() -> None:
    report = metrics().report("model-7")
    assert (report.service, report.replica, report.model) == ("echoing", 3, "model-7")
    assert report.pid == os.getpid()
    assert report.memory_mb > 1
    assert report.started_at <= report.at
    assert report.started_at.tzinfo


def test_records_are_counted_in_out_and_dead() -> None:
    service = metrics()
    service.took(10)
    service.published(10, dead=3)
    service.retried()
    report = service.report("model")
    assert (report.records_in, report.records_out, report.dead_letters) == (10, 7, 3)
    assert report.retries == 1


def test_letters_that_stand_are_told_beside_those_that_came() -> None:
    service = metrics()
    assert service.report("model").dead_letters_standing == {}
    service.letters_standing({"words.dead": 4})
    report = service.report("model")
    assert (report.dead_letters, report.dead_letters_standing) == (0, {"words.dead": 4})


def test_the_rate_is_of_the_last_seconds() -> None:
    clock = Clock()
    service = metrics(clock)
    service.took(500)
    clock.now_s += RATE_WINDOW_S + 1
    service.took(20)
    service.took(10)
    assert service.report("model").records_per_s == 3.0
    clock.now_s += RATE_WINDOW_S + 1
    assert service.report("model").records_per_s == 0.0


def test_the_lag_of_partitions_that_went_is_forgotten() -> None:
    service = metrics()
    service.lags("echoing", {FIRST: 5, SECOND: 7})
    assert service.report("model").lag == {"words/0": 5, "words/1": 7}
    service.lags("echoing", {SECOND: 0})
    assert service.report("model").lag == {"words/1": 0}
    lines = [line for line in exposed(service) if line.startswith("textwire_consumer_lag{")]
    assert lines == ['textwire_consumer_lag{partition="1",service="echoing",topic="words"} 0.0']


def test_each_group_of_a_service_tells_of_its_own_lag() -> None:
    service = metrics()
    service.lags("first", {FIRST: 5})
    service.lags("second", {SECOND: 7})
    assert service.report("model").lag == {"words/0": 5, "words/1": 7}
    service.lags("first", {})
    assert service.report("model").lag == {"words/1": 7}
    assert sum(line.startswith("textwire_consumer_lag{") for line in exposed(service)) == 1


def test_a_report_is_ready_or_says_why_not() -> None:
    health = Health()
    service = metrics(health=health)
    assert (service.report("model").ready, service.report("model").reason) == (True, "")
    health.unmet("store", "away")
    assert service.report("model").reason == "store: away"
    assert not service.report("model").ready


def test_a_report_says_which_process_it_is_of_and_what_works_worse() -> None:
    health = Health()
    service = metrics(health=health)
    health.warn("champion", "version 7 was refused")
    report = service.report("model")
    assert (report.ready, report.warnings) == (True, "champion: version 7 was refused")
    assert report.process == f"{os.getpid()} on {socket.gethostname()}"


def test_lag_and_commits_are_watched_for_progress() -> None:
    clock = Clock()
    service = metrics(clock)
    service.lags("echoing", {FIRST: 5})
    clock.now_s += 20
    assert service.progress.stalled(15).keys() == {"echoing"}
    service.committed("echoing", [FIRST])
    assert service.progress.stalled(15) == {}


def test_prometheus_sees_what_does_not_hold_and_only_that() -> None:
    health = Health()
    service = metrics(health=health)
    health.unmet("store", "Redis is away", of="reading")
    health.warn("champion", "version 7 was refused")
    assert [line for line in exposed(service) if line.startswith("textwire_condition{")] == [
        'textwire_condition{condition="store",of="reading",service="echoing",severity="unmet"} 1.0',
        'textwire_condition{condition="champion",of="",service="echoing",severity="warning"} 1.0',
    ]
    health.met("store", of="reading")
    health.eased("champion")
    assert not [line for line in exposed(service) if line.startswith("textwire_condition{")]


def test_the_series_of_conditions_are_bounded_whatever_they_are_named_after() -> None:
    health = Health()
    service = metrics(health=health)
    for number in range(10 * MOST_SERIES):
        health.warn("row", "left out", of=f"{number} " * 1_000)
    lines = [line for line in exposed(service) if line.startswith("textwire_condition{")]
    assert len(lines) == MOST_SERIES
    assert all(len(line) < 300 for line in lines)


def test_prometheus_sees_life_and_file_descriptors() -> None:
    service = metrics()
    assert 'textwire_alive{service="echoing"} 1.0' in exposed(service)
    service.liveness.died("table", "ValueError")
    assert 'textwire_alive{service="echoing"} 0.0' in exposed(service)
    values = dict(line.rsplit(" ", 1) for line in exposed(service) if not line.startswith("#"))
    used = float(values['textwire_file_descriptors{service="echoing"}'])
    assert 0 < used < float(values['textwire_file_descriptors_limit{service="echoing"}'])


def test_prometheus_sees_counts_times_and_readiness() -> None:
    health = Health(["model"])
    service = metrics(health=health)
    service.took(2)
    service.stages.add("infer", 0.002)
    assert 'textwire_records_in_total{service="echoing"} 2.0' in exposed(service)
    assert 'textwire_ready{service="echoing"} 0.0' in exposed(service)
    assert 'textwire_stage_seconds_count{service="echoing",stage="infer"} 1.0' in exposed(service)
    health.met("model")
    assert 'textwire_ready{service="echoing"} 1.0' in exposed(service)


def test_two_services_in_one_process_count_apart() -> None:
    first, second = metrics(), metrics()
    first.took(2)
    assert second.report("model").records_in == 0
