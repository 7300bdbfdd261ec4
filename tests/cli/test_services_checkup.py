"""What `textwire doctor` finds of services that run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.running import Running, running_stack
from textwire.cli._finding import Finding
from textwire.cli._services_checkup import check_services
from textwire.stack.servers import EmbeddedServers
from textwire.stack.state import read_state


@pytest.fixture
def running(
    tmp_path: Path, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path))
    with running_stack(tmp_path, servers) as stack:
        yield stack


def found(running: Running) -> list[Finding]:
    return list(check_services(read_state(running.folder)))


def test_a_service_that_is_well_is_good(running: Running) -> None:
    assert found(running) == [Finding("service", "good", "support-qa is ready")]


@pytest.mark.parametrize(
    ("condition", "to_do"),
    [
        ("redis", "nothing is lost meanwhile"),
        ("progress", "`textwire dead skip`"),
        ("liveness", "started again by itself"),
        ("champion", "textwire logs support-qa"),
    ],
)
def test_a_service_that_is_not_ready_is_bad_with_its_reason_and_what_to_do(
    condition: str, to_do: str, running: Running
) -> None:
    running.health.unmet(condition, "something is the matter")
    [finding] = found(running)
    assert finding.verdict == "bad"
    assert finding.what == f"support-qa is not ready: {condition}: something is the matter"
    assert to_do in finding.to_do


def test_what_a_service_does_without_is_a_note(running: Running) -> None:
    running.health.warn("champion", "version 7 was refused")
    [finding] = found(running)
    assert finding.verdict == "note"
    assert finding.what == "support-qa is degraded: champion: version 7 was refused"


def test_an_edited_watchlist_file_is_a_note_that_says_what_to_do(running: Running) -> None:
    running.health.warn("watchlist file", "own.csv: run `textwire watchlist load own.csv`")
    [finding] = found(running)
    assert finding.verdict == "note"
    assert "`textwire watchlist load own.csv`" in finding.what
    assert "sentiment_alerts.watchlist" in finding.to_do


def test_processes_elsewhere_are_found_by_what_they_report(running: Running) -> None:
    running.reports()
    running.reports(replica=1, host="node-b", pid=7, ready=False, reason="broker: away")
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    running.reports(replica=2, host="node-c", pid=8, at=long_ago)
    _, unready, silent = found(running)
    assert unready.verdict == "bad"
    assert unready.what == "support-qa replica 1, process 7 on node-b, is not ready: broker: away"
    assert silent.verdict == "note"
    assert f"it reported last at {long_ago:%Y-%m-%d %H:%M:%S} UTC" in silent.what


def test_two_processes_of_one_number_are_bad(running: Running) -> None:
    running.reports()
    running.reports(host="node-b", pid=7)
    assert found(running)[-1].verdict == "bad"
    assert "replica 0 of support-qa is several processes" in found(running)[-1].what


def test_where_redis_is_away_services_are_asked_all_the_same(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", "redis://127.0.0.1:9/0")
    first, last = found(running)
    assert first == Finding("service", "good", "support-qa is ready")
    assert (last.subject, last.verdict) == ("services", "bad")
    assert "none can be read: Redis does not answer" in last.what
