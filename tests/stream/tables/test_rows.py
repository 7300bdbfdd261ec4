from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.errors import RecordRejected
from textwire.recommendations.messages import Item
from textwire.recommendations.topics import RECS_ITEMS
from textwire.stream.tables.rows import LONGEST_KEY, MAX_ROW_BYTES, TableRows
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE
from textwire.wire.message import Identifier, Message
from textwire.wire.record import Partition, Record
from textwire.wire.topic import Topic

GOOD = b'{"id": "p", "text": "good"}'
EMOJI = "\N{PARTY POPPER}"


def record(
    key: bytes | None = b"p",
    value: bytes | None = GOOD,
    topic: Topic = SUPPORT_KNOWLEDGE,
    partition: int = 0,
    at_ms: int = 0,
) -> Record:
    return Record(Partition(topic.name, partition), 0, key, value, {}, at_ms)


def standing(records: Iterable[Record], topic: Topic = SUPPORT_KNOWLEDGE) -> dict[str, Message]:
    """What is left of records that can all be read."""
    rows, left = TableRows(topic), {}
    for one in records:
        row = rows.read_one(one)
        if row is not None:
            left[row.key] = row.message
    return {key: message for key, message in left.items() if message is not None}


def test_a_row_is_what_its_record_says_of_its_key() -> None:
    said = record()
    row = TableRows(SUPPORT_KNOWLEDGE).read_one(said)
    assert row is not None
    assert (row.key, row.message, row.record) == ("p", Passage(id="p", text="good"), said)


def test_many_records_are_rows_and_those_that_cannot_be_read() -> None:
    records = [record(b"a"), record(b"b", b""), record(b"a", None), record(None)]
    rows, rejected = TableRows(SUPPORT_KNOWLEDGE).read(records)
    assert [row.record for row in rows] == [records[0], records[2]]
    assert [one.record for one in rejected] == [records[1], records[3]]


def test_the_key_is_the_identity_whatever_id_the_value_holds() -> None:
    records = [record(b"key", GOOD), record(b"other", GOOD)]
    assert standing(records) == {
        "key": Passage(id="key", text="good"),
        "other": Passage(id="other", text="good"),
    }
    assert standing([*records, record(b"key", None), record(b"p", None)]).keys() == {"other"}


def test_a_null_value_deletes_and_the_key_can_come_again() -> None:
    assert standing([record(), record(value=None)]) == {}
    assert standing([record(), record(value=None), record()]).keys() == {"p"}


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        (None, GOOD, "without a key"),
        (b"", GOOD, "without a key"),
        (None, None, "without a key"),
        (b"", None, "without a key"),
        (b"\xff", GOOD, "its key is not UTF-8"),
        (b"\xed\xa0\x80", GOOD, "its key is not UTF-8"),  # half a surrogate pair
        (b"\xff", None, "its key is not UTF-8"),
        (b"k" * 201, GOOD, "its key is too long: 201 characters"),
        (b"p", b"", "empty"),
        (b"p", b"null", "not of the topic's form"),
        (b"p", b'{"id": "p", "text": ""}', "not of the topic's form"),
        (b"p", b'{"id": "p", "text": " \\n\\t "}', "not of the topic's form"),
        (b"p", b'{"id": "p"}', "not of the topic's form"),
        (b"p", b'{"id": "p", "text": "cut o', "not JSON"),
        (b"p", b"\xff", "not JSON"),
        (b"p", b'{"x": ' + b"[" * 100_000, "nested too deeply"),
        (b"p", GOOD + b" " * MAX_ROW_BYTES, "too large: 1,048,603 bytes"),
    ],
)
def test_what_cannot_be_read_says_why_and_changes_nothing(
    key: bytes | None, value: bytes | None, reason: str
) -> None:
    rows = TableRows(SUPPORT_KNOWLEDGE)
    rows.read_one(record())
    with pytest.raises(RecordRejected, match=reason):
        rows.read_one(record(key, value))
    assert list(rows.keys) == ["p"]


@pytest.mark.parametrize(
    "value",
    [
        b'{"id": "i", "title": "Pan", "price": "79.90"}',
        b'{"id": "i", "title": "Pan", "price": -1}',
        b'{"id": "i", "title": "  "}',
    ],
)
def test_an_item_that_is_not_of_its_form_cannot_be_read(value: bytes) -> None:
    with pytest.raises(RecordRejected, match="not of the topic's form"):
        TableRows(RECS_ITEMS).read_one(record(b"i", value, RECS_ITEMS))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pan", "pan"),
        ("pan", "pan "),
        (unicodedata.normalize("NFC", "café"), unicodedata.normalize("NFD", "café")),
        ("p", "ｐ"),
    ],
)
def test_two_spellings_are_two_keys(one: str, other: str) -> None:
    item = msgspec.json.encode(Item(id="i", title="Pan"))
    records = [record(key.encode(), item, RECS_ITEMS) for key in (one, other)]
    assert standing(records, RECS_ITEMS).keys() == {one, other}
    deleted = record(other.encode(), None, RECS_ITEMS)
    assert standing([*records, deleted], RECS_ITEMS).keys() == {one}


def test_a_row_may_be_written_at_any_time() -> None:
    at = [-1, 0, 2**62]
    assert all(TableRows(SUPPORT_KNOWLEDGE).read_one(record(at_ms=ms)) for ms in at)


def test_the_longest_passage_fits_with_each_character_escaped() -> None:
    passage = Passage(
        id=EMOJI * 200,
        text=EMOJI * 50_000,
        question=EMOJI * 500,
        title=EMOJI * 500,
        url=EMOJI * 2_000,
        tags=(EMOJI * 500,) * 50,
        language=EMOJI * 35,
    )
    escaped = json.dumps(msgspec.to_builtins(passage), ensure_ascii=True).encode()
    assert standing([record((EMOJI * 200).encode(), escaped)]) == {passage.id: passage}


def test_a_key_may_be_as_long_as_an_id() -> None:
    meta = next(part for part in get_args(Identifier) if isinstance(part, msgspec.Meta))
    assert meta.max_length == LONGEST_KEY


def test_of_two_partitions_the_row_counts_that_was_written_later() -> None:
    old = record(value=b'{"id": "p", "text": "old"}', partition=0, at_ms=1)
    new = record(value=b'{"id": "p", "text": "new"}', partition=2, at_ms=2)
    gone = record(value=None, partition=1, at_ms=3)
    for records in ([old, new], [new, old]):
        assert standing(records) == {"p": Passage(id="p", text="new")}
    for records in ([old, new, gone], [gone, old, new], [new, gone, old]):
        assert standing(records) == {}


def test_within_a_partition_the_last_row_counts_whatever_its_time() -> None:
    records = [record(at_ms=9), record(value=b'{"id": "p", "text": "last"}', at_ms=1)]
    assert standing(records) == {"p": Passage(id="p", text="last")}


@st.composite
def interleavings(draw: st.DrawFn) -> tuple[list[Record], list[Record]]:
    """Records of three partitions, each in its order of time, read in two orders."""
    texts = st.none() | st.text(st.sampled_from("ab"), min_size=1, max_size=3)
    rows = draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("xyz"), texts), max_size=12))
    records = [
        record(
            key.encode(),
            None if text is None else msgspec.json.encode(Passage(id=key, text=text)),
            partition=partition,
            at_ms=at_ms,
        )
        for at_ms, (partition, key, text) in enumerate(rows)
    ]
    turns = draw(st.permutations([one.partition.number for one in records]))
    queues = {n: [one for one in records if one.partition.number == n] for n in range(3)}
    return records, [queues[number].pop(0) for number in turns]


@given(interleavings())
def test_partitions_may_be_read_in_any_turn(orders: tuple[list[Record], list[Record]]) -> None:
    as_written, as_read = orders
    assert standing(as_read) == standing(as_written)
