"""Which companies `textwire backtest` looks for: those that are loaded, unless others are named."""

from __future__ import annotations

import os
from pathlib import Path

import click
import pytest

from tests.cli.conftest import Command as Textwire
from textwire.cli._backtest_companies import chosen_companies
from textwire.errors import BrokerUnavailable, DataError
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.stack.pids import birth_of
from textwire.stack.state import StackState, write_state


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("TEXTWIRE_STACK_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text('{"name": "Orvelle"}\n')
    return path


def run_a_stack(data_dir: Path, servers: str) -> None:
    state = StackState(
        pid=os.getpid(), born_at=birth_of(os.getpid()), bootstrap_servers=servers, redis_url="r"
    )
    write_state(data_dir, state)


def test_without_a_kafka_they_are_those_that_are_set_or_else_the_samples(
    data_dir: Path, file: Path
) -> None:
    told = str(chosen_companies(None, None, file, reads_kafka=False))
    assert told == f"1 company of {file}, which sentiment_alerts.watchlist names"
    assert chosen_companies(None, None, None, reads_kafka=False).source == "the sample news"
    assert chosen_companies(None, "samples", file, reads_kafka=False).source == "the sample news"


def test_a_named_file_is_read_whatever_is_set_or_loaded(
    data_dir: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    assert str(chosen_companies(file, None, None, reads_kafka=True)) == f"1 company of {file}"


def test_choices_that_contradict_each_other_or_nothing_are_told(data_dir: Path, file: Path) -> None:
    with pytest.raises(click.UsageError, match="give one"):
        chosen_companies(file, "set", None, reads_kafka=False)
    with pytest.raises(DataError, match="names no file"):
        chosen_companies(None, "set", None, reads_kafka=False)


def test_of_a_stack_that_runs_they_are_those_that_are_loaded(
    textwire: Textwire,
    bootstrap_servers: str,
    data_dir: Path,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert textwire("watchlist", "load", file, "--replace").exit_code == 0
    monkeypatch.delenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS")
    run_a_stack(data_dir, bootstrap_servers)
    told = str(chosen_companies(None, None, None, reads_kafka=False))
    assert told == f"1 company of the topic {NEWS_WATCHLIST.name} at {bootstrap_servers}"
    assert chosen_companies(None, "samples", None, reads_kafka=False).source == "the sample news"


def test_where_none_is_loaded_no_others_are_taken_instead(
    textwire: Textwire, data_dir: Path, file: Path
) -> None:
    textwire("watchlist", "load", file, "--replace")
    textwire("watchlist", "remove", "Orvelle")
    with pytest.raises(DataError, match=r"textwire watchlist load FILE.*--companies set"):
        chosen_companies(None, None, file, reads_kafka=False)


def test_a_kafka_that_is_away_is_told_with_the_other_choices(
    data_dir: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9")
    monkeypatch.setenv("TEXTWIRE_KAFKA_ANSWER_TIMEOUT_S", "1")
    with pytest.raises(BrokerUnavailable, match="--watchlist FILE"):
        chosen_companies(None, None, file, reads_kafka=False)
