"""`textwire up`, `down`, `status` and `logs` with the real servers, in child processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.stacks import (
    NOBODY,
    command,
    environment_of,
    is_one_clear_message,
    status_of,
    textwire,
)
from tests.ipv6 import needs_ipv6
from tests.slow_params import slow_but
from tests.stack.processes import eventually
from textwire.addresses import running_stack
from textwire.file_rights import open_to_others
from textwire.stack.pids import birth_of, is_alive
from textwire.stack.process_spec import answers_kafka, answers_redis


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a stack of servers alone, up in the background."""
    data_dir = tmp_path_factory.mktemp("stack")
    told = textwire(data_dir, "up", "--detach", "--only", "servers")
    assert told.returncode == 0, told.stderr
    yield data_dir
    textwire(data_dir, "down")


def test_both_servers_answer_where_status_says(stack: Path) -> None:
    told = status_of(stack)
    assert told["ready"]
    host, port = told["bootstrap_servers"].split(":")
    assert answers_kafka(host, int(port))
    assert answers_redis("127.0.0.1", int(told["redis_url"].rpartition(":")[2].partition("/")[0]))
    assert {name: part["state"] for name, part in told["parts"].items()} == {
        "redis": "ready",
        "kafka": "ready",
    }


def test_status_for_people_names_each_part_and_succeeds(stack: Path) -> None:
    told = textwire(stack, "status")
    assert told.returncode == 0
    assert "kafka" in told.stdout
    assert status_of(stack)["bootstrap_servers"] in told.stdout


def test_a_second_up_says_that_it_is_already_up_and_where(stack: Path) -> None:
    told = textwire(stack, "up", "--only", "servers")
    assert is_one_clear_message(told)
    assert "already up" in told.stderr
    assert status_of(stack)["bootstrap_servers"] in told.stderr


def test_a_server_that_is_killed_returns_and_the_log_says_so(stack: Path) -> None:
    before = status_of(stack)
    os.kill(before["parts"]["redis"]["pid"], signal.SIGKILL)
    assert eventually(lambda: status_of(stack)["parts"]["redis"]["restarts"] == 1, within_s=20)
    assert eventually(lambda: bool(status_of(stack)["ready"]), within_s=20)
    after = status_of(stack)
    assert after["redis_url"] == before["redis_url"]
    assert after["parts"]["kafka"]["pid"] == before["parts"]["kafka"]["pid"]
    assert "redis ended (signal SIGKILL)" in textwire(stack, "logs", "up").stdout


def test_logs_show_what_a_part_said(stack: Path) -> None:
    assert "Kafka Server started" in textwire(stack, "logs", "kafka").stdout
    everything = textwire(stack, "logs", "-n", "3").stdout
    assert {line.split()[0] for line in everything.splitlines()} == {"kafka", "redis", "up"}


def test_logs_of_an_unknown_part_name_the_known_ones(stack: Path) -> None:
    told = textwire(stack, "logs", "kafak")
    assert is_one_clear_message(told)
    assert "kafka, redis, up" in told.stderr


def test_nothing_that_was_written_can_be_read_by_others(stack: Path) -> None:
    assert len(list(stack.rglob("*"))) > 20
    assert list(open_to_others(stack)) == []


@pytest.mark.usefixtures("readable_by_others")
def test_what_an_earlier_start_left_open_is_closed_and_said_so_once(
    stack: Path, tmp_path: Path
) -> None:
    there = status_of(stack)
    words = ["up", "--detach", "--only", "servers"]
    words += [f"--bootstrap-servers={there['bootstrap_servers']}"]
    words += [f"--redis-url={there['redis_url']}"]
    data_dir = tmp_path / "data"
    (data_dir / "logs").mkdir(parents=True)
    (data_dir / "logs" / "kafka.log").write_text("what a customer wrote")
    first = textwire(data_dir, *words)
    textwire(data_dir, "down")
    second = textwire(data_dir, *words)
    textwire(data_dir, "down")
    assert f"others could read 3 files of {data_dir}; only you can now" in first.stdout
    assert "others could read" not in second.stdout
    assert list(open_to_others(data_dir)) == []


def test_topics_were_created(stack: Path) -> None:
    import kafka

    consumer = kafka.KafkaConsumer(bootstrap_servers=status_of(stack)["bootstrap_servers"])
    try:
        assert {"support.questions", "support.knowledge.dead"} <= set(consumer.topics())
    finally:
        consumer.close()


def test_doctor_finds_the_running_servers(stack: Path) -> None:
    told = textwire(stack, "doctor")
    assert told.returncode == 0, told.stdout
    assert f"answers at {status_of(stack)['bootstrap_servers']}" in told.stdout


def test_after_a_kill_nothing_is_left_and_the_next_up_recovers(tmp_path: Path) -> None:
    assert textwire(tmp_path, "up", "--detach", "--only", "servers").returncode == 0
    running = running_stack(tmp_path)
    assert running
    parts = status_of(tmp_path)["parts"].values()
    births = {part["pid"]: birth_of(part["pid"]) for part in parts}
    os.kill(running.pid, signal.SIGKILL)
    assert eventually(lambda: not any(is_alive(pid, born) for pid, born in births.items()))
    told = textwire(tmp_path, "status")
    assert told.returncode == 1
    assert "supervisor has died" in told.stdout
    assert textwire(tmp_path, "up", "--detach", "--only", "servers").returncode == 0
    assert status_of(tmp_path)["ready"]
    assert textwire(tmp_path, "down").stdout == "Textwire has stopped.\n"


@pytest.mark.parametrize("stop_signal", slow_but([signal.SIGINT, signal.SIGTERM], signal.SIGINT))
def test_in_the_foreground_a_signal_stops_all_and_leaves_nothing(
    tmp_path: Path, stop_signal: signal.Signals
) -> None:
    with _in_foreground(tmp_path) as up:
        assert eventually(lambda: bool(status_of(tmp_path)["ready"]), within_s=100)
        parts = status_of(tmp_path)["parts"].values()
        births = {part["pid"]: birth_of(part["pid"]) for part in parts}
        up.send_signal(stop_signal)
        said, _ = up.communicate(timeout=40)
    assert up.returncode == 0, said
    assert "all has stopped" in said
    assert "Traceback" not in said
    assert not any(is_alive(pid, born) for pid, born in births.items())
    assert not (tmp_path / "stack.json").exists()


@pytest.mark.timeout(240)
def test_a_signal_during_the_start_stops_what_was_started(tmp_path: Path) -> None:
    with _in_foreground(tmp_path) as up:
        began = eventually(lambda: (tmp_path / "logs" / "kafka.log").exists(), within_s=120)
        up.send_signal(signal.SIGINT)
        said, _ = up.communicate(timeout=40)
    assert began, said
    assert up.returncode == 0, said
    assert "Traceback" not in said


def test_down_stops_everything_and_records_are_there_again_after(tmp_path: Path) -> None:
    import redis

    assert textwire(tmp_path, "up", "--detach", "--only", "servers").returncode == 0
    with redis.Redis.from_url(status_of(tmp_path)["redis_url"]) as store:
        store.set("kept", "yes")
    began = time.monotonic()
    assert textwire(tmp_path, "down").returncode == 0
    assert time.monotonic() - began < 20
    assert textwire(tmp_path, "status").returncode == 1
    assert textwire(tmp_path, "up", "--detach", "--only", "servers").returncode == 0
    with redis.Redis.from_url(status_of(tmp_path)["redis_url"]) as store:
        assert store.get("kept") == b"yes"
    textwire(tmp_path, "down")


@needs_ipv6
@pytest.mark.slow
def test_everything_can_be_on_ipv6(tmp_path: Path) -> None:
    environment = {"TEXTWIRE_STACK_HOST": "[::1]"}
    up = textwire(tmp_path, "up", "--detach", "--only", "servers", **environment)
    assert up.returncode == 0, up.stdout + up.stderr
    there = status_of(tmp_path)
    assert there["ready"]
    assert there["bootstrap_servers"].startswith("[::1]:")
    assert there["redis_url"].startswith("redis://[::1]:")
    assert there["bootstrap_servers"] in up.stdout
    doctor = textwire(tmp_path, "doctor").stdout
    assert f"answers at {there['bootstrap_servers']}" in doctor
    assert f"answers at {there['redis_url']}" in doctor
    assert textwire(tmp_path, "topics", "seed").stdout.startswith("Loaded ")
    assert textwire(tmp_path, "knowledge", "list").stdout
    assert "Nothing is remembered" in textwire(tmp_path, "support", "conversation", "s").stdout
    textwire(tmp_path, "down")


def test_servers_that_run_elsewhere_are_used_and_left_running(stack: Path, tmp_path: Path) -> None:
    there = status_of(stack)
    elsewhere = [f"--bootstrap-servers={there['bootstrap_servers']}"]
    elsewhere += [f"--redis-url={there['redis_url']}"]
    told = textwire(tmp_path, "up", "--detach", "--only", "servers", *elsewhere)
    assert told.returncode == 0, told.stderr
    mine = status_of(tmp_path)
    assert mine["bootstrap_servers"] == there["bootstrap_servers"]
    assert mine["parts"] == {}
    assert textwire(tmp_path, "down").returncode == 0
    assert status_of(stack)["ready"]


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        (["--bootstrap-servers", NOBODY], f"No Kafka broker answers at {NOBODY}"),
        (
            ["--redis-url", f"redis://:secret@{NOBODY}/0"],
            f"No Redis answers at redis://:***@{NOBODY}",
        ),
        (["--bootstrap-servers", "localhost"], "'localhost' is no broker's address"),
        (["--redis-url", "http://localhost"], "http://localhost is no Redis URL"),
    ],
)
def test_servers_that_do_not_answer_are_one_clear_message(
    tmp_path: Path, wishes: list[str], says: str
) -> None:
    told = textwire(tmp_path, "up", "--only", "servers", *wishes)
    assert is_one_clear_message(told)
    assert says in told.stderr
    assert "secret" not in told.stderr + told.stdout


def test_a_password_on_the_command_line_is_warned_of(tmp_path: Path) -> None:
    told = textwire(tmp_path, "up", "--redis-url", f"redis://:hunter2@{NOBODY}/0")
    assert "can see the password in --redis-url" in told.stdout
    assert "TEXTWIRE_REDIS_URL" in told.stdout
    assert "hunter2" not in told.stdout + told.stderr


def test_a_folder_that_cannot_be_written_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = textwire(tmp_path / "file" / "data", "up", "--detach", "--only", "servers")
    assert is_one_clear_message(told)
    assert "--data-dir" in told.stderr


def test_a_wrong_setting_is_one_clear_message(tmp_path: Path) -> None:
    told = textwire(tmp_path, "up", TEXTWIRE_STACK_KAFKA_PORT="many")
    assert is_one_clear_message(told)
    assert "stack.kafka_port" in told.stderr


def test_a_wrong_setting_of_a_service_is_told_before_anything_starts(tmp_path: Path) -> None:
    told = textwire(tmp_path, "up", TEXTWIRE_SUPPORT_QA_CANDIDATES="many")
    assert is_one_clear_message(told)
    assert "support_qa.candidates" in told.stderr
    assert not (tmp_path / "logs").exists()


def test_a_misspelled_setting_is_told_at_the_start(tmp_path: Path) -> None:
    there = {"TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS": NOBODY, "TEXTWIRE_SUPPORT_QA_TRESHOLD": "0.5"}
    told = textwire(tmp_path, "up", **there)
    assert "TEXTWIRE_SUPPORT_QA_TRESHOLD set nothing" in told.stdout


def test_with_debug_the_error_is_traced(tmp_path: Path) -> None:
    told = textwire(tmp_path, "--debug", "up", "--bootstrap-servers", NOBODY)
    assert told.returncode == 1
    assert "Traceback" in told.stderr


def _in_foreground(data_dir: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command("up", "--only", "servers"),
        env=environment_of(data_dir),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_the_state_is_json_that_others_can_read(stack: Path) -> None:
    assert json.loads((stack / "stack.json").read_text())["bootstrap_servers"]
