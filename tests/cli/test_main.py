"""The command itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.stacks import textwire
from textwire import __version__
from textwire.cli import _told
from textwire.errors import BrokerUnavailable


def test_help_lists_every_verb_with_what_it_does(tmp_path: Path) -> None:
    told = textwire(tmp_path, "--help")
    verbs = told.stdout.partition("Commands:\n")[2].splitlines()
    assert {"up", "down", "status", "logs", "doctor"} <= {line.split()[0] for line in verbs}
    # What a verb does may go on below it; whatever stands at the margin is a verb.
    named = [line for line in verbs if not line.startswith("   ")]
    assert all(len(line.split()) > 1 for line in named)


def test_help_imports_no_verb() -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom textwire.cli import main\n"
        "assert CliRunner().invoke(main, ['--help']).exit_code == 0\n"
        "print([m for m in sys.modules if m in ('kafka', 'redis', 'rich', 'pydantic', 'msgspec')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert told.stdout == "[]\n", told.stderr


def test_the_version_is_said(tmp_path: Path) -> None:
    assert __version__ in textwire(tmp_path, "--version").stdout


def test_an_unknown_verb_is_a_usage_error(tmp_path: Path) -> None:
    told = textwire(tmp_path, "upp")
    assert told.returncode == 2
    assert "No such command 'upp'" in told.stderr


def test_who_is_not_reached_is_told_with_the_folder_in_which_nothing_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(tmp_path))
    away = BrokerUnavailable("Kafka does not answer.")
    told = _told(away)
    assert told is not None
    assert told.startswith(f"Kafka does not answer. No `textwire up` runs in {tmp_path},")
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", "kafka.example:9092")
    assert _told(away) == "Kafka does not answer."
