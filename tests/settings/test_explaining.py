from __future__ import annotations

import pytest

from tests.settings.told import message, write
from textwire.settings import KafkaSettings, StreamSettings


def test_a_wrong_value_is_told_with_its_place_and_where_to_set_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEXTWIRE_STREAM_LINGER_MS", "soon")
    told = message(StreamSettings)
    assert "stream.linger_ms: Input should be a valid number" in told
    assert "set it in textwire.yaml or TEXTWIRE_STREAM_LINGER_MS" in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("delivery: twice", "'exactly_once' or 'at_least_once'"),
        ("linger_ms: -1", "greater than or equal to 0"),
        ("max_batch_records: many", "valid integer"),
        ("retry_longest_s: 0", "greater than 0"),
    ],
)
def test_a_value_out_of_bounds_is_told_with_its_bounds(line: str, told: str) -> None:
    write(f"stream:\n  {line}\n")
    assert f"stream.{line.split(':')[0]}" in message(StreamSettings)
    assert told in message(StreamSettings)


def test_every_wrong_value_is_told_at_once() -> None:
    write("stream:\n  delivery: twice\n  linger_ms: -1\n")
    assert "stream.delivery" in message(StreamSettings)
    assert "stream.linger_ms" in message(StreamSettings)


def test_a_wrong_value_of_a_secret_is_not_shown() -> None:
    write("kafka:\n  sasl_password: [hidden]\n")
    assert "hidden" not in message(KafkaSettings)


def test_an_unknown_field_is_told_with_those_that_there_are() -> None:
    write("stream:\n  lingre_ms: 7\n")
    told = message(StreamSettings)
    assert "stream.lingre_ms: there is no such setting" in told
    assert "linger_ms" in told
    assert "remove it from textwire.yaml" in told
