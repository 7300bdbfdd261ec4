"""What comes through Kafka: values, headers, dead letters."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import msgspec
from hypothesis import strategies as st

from tests.fuzz.inputs import like, values
from tests.fuzz.target import Target
from textwire.errors import RecordRejected
from textwire.stream.dead_letters.letters import dead_letter
from textwire.stream.decoding import Decoder
from textwire.stream.headers import as_pairs, child_trace, event_headers, from_pairs, trace_id
from textwire.stream.readable import readable_value
from textwire.wire.record import Partition, Record
from textwire.wire.registry import TOPICS
from textwire.wire.topic import DEAD_LETTER_MAX_BYTES, Topic

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MOST_BYTES = 256 * 1024
# What is refused may be larger than any letter.
LARGE = st.sampled_from([0, 1_000, MOST_BYTES + 1, DEAD_LETTER_MAX_BYTES + 1, 6_000_000])
KEYS = st.none() | st.binary(max_size=50)
HEADERS = st.dictionaries(st.text(max_size=20), st.binary(max_size=60), max_size=4)
TIMES_MS = st.integers(-(2**63), 2**63 - 1) | st.integers(0, 2_000_000_000_000)
WRITTEN = [topic for topic in TOPICS.values() if topic.example is not None]


def decode(topic: Topic, given: tuple[bytes, int]) -> None:
    """A message is what it says: written down and read again it is the same."""
    value, timestamp_ms = given
    record = Record(Partition(topic.name, 0), 7, b"key", value, {}, timestamp_ms)
    received = Decoder((topic,), MOST_BYTES).decode(record)
    again = msgspec.json.decode(msgspec.json.encode(received.message), type=topic.message)
    assert again == received.message
    topic.key(received.message).encode()


def carry_trace(given: tuple[list[tuple[str, bytes | None]], str]) -> None:
    """Any headers lead to headers of ours that a client can send."""
    pairs, event_id = given
    headers = from_pairs(pairs)
    trace_id(headers)
    ours = event_headers("textwire.kind", "source", event_id, NOW, child_trace(headers))
    assert all(isinstance(value, bytes) for _, value in as_pairs(ours))


def bury(given: tuple[bytes | None, int, bytes | None, dict[str, bytes], str, int]) -> None:
    """A letter is no larger than its topic takes, whatever is buried."""
    value, more, key, headers, reason, timestamp_ms = given
    value = value and value + b"x" * more
    record = Record(Partition("topic", 0), 7, key, value, headers, timestamp_ms)
    letter = dead_letter(record, RecordRejected(reason), "service", NOW)
    assert len(letter.value or b"") <= DEAD_LETTER_MAX_BYTES
    assert all(isinstance(text, bytes) for text in letter.headers.values())


def show(value: bytes | None) -> None:
    """Whatever is shown cannot steer a terminal."""
    assert all(char.isprintable() or char in "\n\t" for char in readable_value(value, 2_000))


def _decoding(topic: Topic) -> Target:
    fields = [info.name for info in msgspec.structs.fields(topic.message)]
    right = [msgspec.json.encode(topic.example)]
    inputs = st.tuples(like(right, fields), TIMES_MS)
    return Target(f"decode {topic.name}", inputs, partial(decode, topic), (RecordRejected,))


RECORDS = (
    *(_decoding(topic) for topic in WRITTEN),
    Target(
        "headers",
        st.tuples(
            st.lists(st.tuples(st.text(max_size=20), st.none() | st.binary(max_size=80))),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
        ),
        carry_trace,
    ),
    Target(
        "dead letters",
        st.tuples(
            st.none() | st.binary(max_size=200),
            LARGE,
            KEYS,
            HEADERS,
            st.text(max_size=700),
            TIMES_MS,
        ),
        bury,
    ),
    Target(
        "what is shown",
        st.none() | like([b'{"a": [1, "\\u001b[2J"]}']) | values().map(msgspec.json.encode),
        show,
    ),
)
