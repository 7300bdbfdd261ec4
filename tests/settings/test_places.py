from __future__ import annotations

from pathlib import Path

import pytest

from tests.settings.told import message, write
from textwire.settings import KafkaSettings, RedisSettings, StreamSettings, forget_file, load


def test_a_field_is_read_from_the_file() -> None:
    write("stream:\n  delivery: at_least_once\n  linger_ms: 7\n")
    assert load(StreamSettings).delivery == "at_least_once"
    assert load(StreamSettings).linger_ms == 7.0
    assert load(StreamSettings).max_batch_tokens == 4096


def test_another_file_can_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    write("stream:\n  linger_ms: 8\n", "other.yaml")
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "other.yaml")
    assert load(StreamSettings).linger_ms == 8.0


def test_a_section_whose_lines_are_all_commented_out_is_empty() -> None:
    write("stream:\n#  linger_ms: 7\nkafka:\n")
    assert load(StreamSettings).linger_ms == 2.0


def test_an_empty_file_is_no_error() -> None:
    write("")
    assert load(StreamSettings).linger_ms == 2.0


@pytest.mark.parametrize(
    "content", ["stream: [", "stream:\n\tlinger_ms: 7\n", "stream: *nowhere\n", "a: b: c\n"]
)
def test_a_file_that_is_no_yaml_is_told(content: str) -> None:
    write(content)
    assert "The settings file textwire.yaml cannot be read" in message(StreamSettings)


def test_a_file_that_is_no_yaml_is_told_by_its_place_and_not_by_its_text() -> None:
    write("stream:\n  linger_ms: 7\nredis:\n  url: 'redis://:hidden@host:1/0\n")
    told = message(RedisSettings)
    assert "found unexpected end of stream, in line 5, column 1" in told
    assert "hidden" not in told


def test_a_file_that_is_no_text_is_told() -> None:
    Path("textwire.yaml").write_bytes(b"\xff\xfe\x00")
    forget_file()
    assert "cannot be read" in message(StreamSettings)


@pytest.mark.parametrize("content", ["- a\n", "just text\n", "linger_ms: 7\n", "1:\n  a: 2\n"])
def test_a_file_without_sections_is_told_how_they_look(content: str) -> None:
    write(content)
    assert "must hold sections" in message(StreamSettings)


def test_a_named_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_SETTINGS", "nowhere.yaml")
    assert "nowhere.yaml, which does not exist" in message(StreamSettings)


def test_a_secrets_folder_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_SECRETS_DIR", "nowhere")
    assert "nowhere, which is no folder" in message(KafkaSettings)
