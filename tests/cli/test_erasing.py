"""Whose dead letter it is."""

from __future__ import annotations

import msgspec
import pytest

from textwire.cli._erasing import is_of_session
from textwire.wire.record import Partition, Record

WHOLE = msgspec.json.encode({"session_id": "s1", "text": "x" * 700_000})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (b"s1", b"{"),
        (None, WHOLE[:64_000]),  # as a letter holds it
        (b"another", b'{"session_id": "s1", "text": 7}'),
        (None, b'{"session_id": "s1", "text": "he said "hi""}'),
        (b"s1", None),
    ],
)
def test_a_letter_is_its_sessions_by_its_key_or_by_what_is_left_of_its_value(
    key: bytes | None, value: bytes | None
) -> None:
    letter = Record(Partition("support.questions.dead", 0), 1, key, value)
    assert is_of_session("s1", letter)
    assert not is_of_session("s2", letter)


@pytest.mark.parametrize("value", [None, b"", b"\xff", b"[]", b'{"text": "session_id: s1"}'])
def test_of_what_says_nothing_it_is_nobodys(value: bytes | None) -> None:
    assert not is_of_session("s1", Record(Partition("support.questions.dead", 0), 1, None, value))
