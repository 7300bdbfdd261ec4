"""`textwire doctor` says what is wrong and what to do about it."""

from __future__ import annotations

import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.stacks import NOBODY, textwire
from tests.tiny_models import manifest_of
from textwire.cli._checkup import check_models
from textwire.models.artifacts.registry import Registry


def test_a_sound_machine_is_said_to_be_sound(tmp_path: Path) -> None:
    told = textwire(tmp_path, "doctor")
    assert told.returncode == 0, told.stdout
    for subject in (
        "settings",
        "python",
        "java",
        "kafka",
        "memory",
        "disk",
        "port",
        "files",
        "model",
    ):
        assert f" {subject} " in told.stdout
    assert sys.version.split()[0] in told.stdout


def test_settings_in_force_are_printed_and_secrets_are_not(tmp_path: Path) -> None:
    told = textwire(
        tmp_path,
        "doctor",
        TEXTWIRE_KAFKA_SASL_PASSWORD="hunter2",
        TEXTWIRE_SENTIMENT_ALERTS_WEBHOOK_URL="https://hooks.example/hunter2",
        TEXTWIRE_MODELS_REGISTRY="memory://key:hunter2@models",
        TEXTWIRE_STREAM_LINGER_MS="3.5",
    )
    assert "hunter2" not in told.stdout
    assert "kafka.sasl_password" in told.stdout
    assert "memory://key:***@models" in told.stdout
    assert "**********" in told.stdout
    assert "3.5" in told.stdout


def test_a_taken_port_is_worth_a_note_and_no_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as occupant:
        port = str(occupant.getsockname()[1])
        told = textwire(tmp_path, "doctor", TEXTWIRE_STACK_REDIS_PORT=port)
    assert told.returncode == 0
    assert f"{port} is taken by another program" in told.stdout
    assert "redis will take a free one" in told.stdout


def test_servers_that_are_set_and_away_are_a_failure(tmp_path: Path) -> None:
    told = textwire(
        tmp_path,
        "doctor",
        TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS=NOBODY,
        TEXTWIRE_REDIS_URL=f"redis://:hunter2@{NOBODY}/0",
    )
    assert told.returncode == 1
    assert f"No Kafka broker answers at {NOBODY}" in told.stdout
    assert "No Redis answers" in told.stdout
    assert "hunter2" not in told.stdout


def test_servers_that_take_connections_and_say_nothing_are_a_failure(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        nobody = f"127.0.0.1:{frozen.getsockname()[1]}"
        told = textwire(
            tmp_path,
            "doctor",
            TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS=nobody,
            TEXTWIRE_REDIS_URL=f"redis://{nobody}/0",
        )
    assert told.returncode == 1
    assert f"Kafka at {nobody} takes connections and does not answer" in told.stdout
    assert "Redis does not answer" in told.stdout


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told = textwire(tmp_path / "file" / "data", "doctor")
    assert told.returncode == 1
    assert "cannot be written" in told.stdout


def test_a_corrupted_jar_is_a_failure(tmp_path: Path) -> None:
    from textwire.stack.jars import read_lock

    for jar in read_lock():
        fake = tmp_path / "cache" / "textwire" / "jars" / jar.path
        fake.parent.mkdir(parents=True)
        fake.write_bytes(b"not a jar")
    told = textwire(tmp_path, "doctor", XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert told.returncode == 1
    assert "is not the file that Textwire's lock names" in told.stdout
    assert "Delete it" in told.stdout


def test_a_section_that_no_part_has_is_worth_a_note(tmp_path: Path) -> None:
    settings = tmp_path / "textwire.yaml"
    settings.write_text("straem:\n  linger_ms: 3\n")
    told = textwire(tmp_path, "doctor", TEXTWIRE_SETTINGS=str(settings))
    assert "straem" in told.stdout


def test_models_are_looked_for_under_the_names_that_make_them(tmp_path: Path) -> None:
    told = textwire(tmp_path, "doctor").stdout
    for task in ("support-qa", "sentiment", "recommendations"):
        assert f"`pipelines {task} run` makes one" in " ".join(told.split())


def test_a_later_model_that_came_with_the_code_is_worth_a_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_MODELS_REGISTRY", str(tmp_path / "models"))
    registry = Registry(str(tmp_path / "models"))
    for version, year in (("old", 2020), ("new", 2100)):
        folder = tmp_path / version
        folder.mkdir()
        made = datetime(year, 1, 1, tzinfo=UTC)
        registry.register(
            folder, manifest_of(folder, task="sentiment", version=version, created_at=made)
        )
    registry.promote("sentiment", "old")
    assert "`pipelines models promote sentiment shipped`" in _to_do_of_models()
    registry.promote("sentiment", "new")
    assert "shipped" not in _to_do_of_models()


def _to_do_of_models() -> str:
    return " ".join(finding.to_do for finding in check_models())
