"""`textwire status` of what runs, and `status` and `down` where nothing runs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.cli.running import Running, running_stack
from tests.cli.stacks import is_one_clear_message, textwire
from textwire.stack.servers import EmbeddedServers


@pytest.fixture
def running(tmp_path: Path, servers: EmbeddedServers) -> Iterator[Running]:
    with running_stack(tmp_path, servers) as stack:
        yield stack


def test_a_service_that_is_not_ready_is_shown_with_its_reason(
    running: Running, offline: Command
) -> None:
    assert offline("status", "--data-dir", running.folder).exit_code == 0
    running.health.unmet("redis", "Redis is away")
    told = offline("status", "--data-dir", running.folder)
    assert told.exit_code == 1
    assert "support-qa is not ready: redis: Redis is away" in told.output


def test_a_service_that_does_without_something_is_degraded_and_ready(
    running: Running, offline: Command
) -> None:
    running.health.warn("champion", "version 7 was refused [red]")
    told = offline("status", "--data-dir", running.folder)
    assert told.exit_code == 0
    assert "degraded" in told.output
    assert "support-qa does without something: champion: version 7 was refused [red]" in told.output


def test_why_a_part_was_started_again_is_shown(running: Running, offline: Command) -> None:
    told = offline("status", "--data-dir", running.folder)
    assert "because it hung (it does not answer, for 21 s) and was killed" in told.output


def test_for_programs_reasons_have_their_names(running: Running, offline: Command) -> None:
    running.health.unmet("redis", "Redis is away")
    running.health.warn("champion", "version 7 was refused")
    running.reports(replica=1, host="node-b", pid=7, warnings="x: y")
    told = json.loads(offline("status", "--data-dir", running.folder, "--json").output)
    part = told["parts"]["support-qa"]
    assert not told["ready"]
    assert (part["state"], part["reason"]) == ("not ready", "redis: Redis is away")
    assert part["warnings"] == "champion: version 7 was refused"
    assert told["elsewhere"] == [
        {
            "state": "degraded",
            "service": "support-qa",
            "replica": 1,
            "host": "node-b",
            "pid": 7,
            "reason": "",
            "warnings": "x: y",
        }
    ]


def test_processes_beside_ours_are_shown_and_ours_are_not_shown_twice(
    running: Running, offline: Command
) -> None:
    running.reports()
    running.reports(host="node-b", pid=7, ready=False, reason="broker: away")
    told = offline("status", "--data-dir", running.folder).output
    assert "support-qa replica 0, process 7 on node-b: not ready, broker: away" in told
    assert told.count("replica 0") == 1


def test_status_without_a_stack_says_how_to_start_one(tmp_path: Path) -> None:
    told = textwire(tmp_path, "status")
    assert told.returncode == 1
    assert "`textwire up` starts it" in told.stdout


def test_status_for_programs_has_its_words_without_a_stack_too(tmp_path: Path) -> None:
    told = textwire(tmp_path, "status", "--json")
    assert told.returncode == 1
    assert json.loads(told.stdout) == {
        "ready": False,
        "data_dir": str(tmp_path),
        "bootstrap_servers": "",
        "redis_url": "",
        "dashboard_url": "",
        "gateway_url": "",
        "parts": {},
        "elsewhere": [],
    }


def test_down_without_a_stack_is_no_error(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "never"):
        told = textwire(folder, "down")
        assert told.returncode == 0
        assert told.stdout.startswith("Textwire is not up")
    assert not (tmp_path / "never").exists()


def test_a_broken_state_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "stack.json").write_text("half a fi")
    for verb in ("status", "down"):
        told = textwire(tmp_path, verb)
        assert is_one_clear_message(told)
        assert "delete it" in told.stderr


def test_logs_without_a_stack_say_what_writes_them(tmp_path: Path) -> None:
    told = textwire(tmp_path, "logs")
    assert is_one_clear_message(told)
    assert "`textwire up`" in told.stderr
