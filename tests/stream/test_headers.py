from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.stream.headers import (
    as_pairs,
    child_trace,
    event_headers,
    from_pairs,
    new_trace,
    trace_id,
)

FORM = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01")
GIVEN = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"


def test_our_records_are_cloud_events_in_binary_mode() -> None:
    at = datetime(2026, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1)))
    trace = new_trace()
    assert event_headers("textwire.support.answers", "textwire/support-qa", "q-0", at, trace) == {
        "ce_specversion": b"1.0",
        "ce_id": b"q-0",
        "ce_type": b"textwire.support.answers",
        "ce_source": b"textwire/support-qa",
        "ce_time": b"2026-01-02T03:04:05Z",
        "content-type": b"application/json",
        "traceparent": trace.encode(),
    }


def test_new_traces_differ() -> None:
    first, second = new_trace(), new_trace()
    assert FORM.fullmatch(first)
    assert first != second


def test_a_child_stays_in_its_trace_with_a_span_of_its_own() -> None:
    child = child_trace({"traceparent": GIVEN})
    assert FORM.fullmatch(child)
    assert child.split("-")[1] == "0af7651916cd43dd8448eb211c80319c"
    assert child.split("-")[2] != "b7ad6b7169203331"


@pytest.mark.parametrize("wrong", [b"", b"nonsense", GIVEN + b"-more", GIVEN.upper(), b"\xff"])
def test_a_wrong_traceparent_begins_a_new_trace(wrong: bytes) -> None:
    assert FORM.fullmatch(child_trace({"traceparent": wrong}))
    assert trace_id({"traceparent": wrong}) == ""


def test_a_record_without_headers_begins_a_new_trace() -> None:
    assert FORM.fullmatch(child_trace({}))
    assert trace_id({}) == ""


def test_the_trace_id_is_read_for_logs() -> None:
    assert trace_id({"traceparent": GIVEN}) == "0af7651916cd43dd8448eb211c80319c"


@given(st.dictionaries(st.text(max_size=10), st.binary(max_size=10)))
def test_headers_survive_the_client(headers: dict[str, bytes]) -> None:
    assert from_pairs(as_pairs(headers)) == headers


def test_no_headers_a_repeated_name_and_a_missing_value_are_borne() -> None:
    assert from_pairs(None) == {}
    assert from_pairs([("a", b"1"), ("a", b"2"), ("b", None)]) == {"a": b"2", "b": b""}


def test_times_are_told_in_utc() -> None:
    headers = event_headers("kind", "source", "id", datetime(2026, 1, 2, tzinfo=UTC), "trace")
    assert headers["ce_time"] == b"2026-01-02T00:00:00Z"
