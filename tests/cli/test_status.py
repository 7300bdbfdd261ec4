"""`textwire status` and `down` where nothing runs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.stacks import is_one_clear_message, textwire


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
