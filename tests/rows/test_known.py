from __future__ import annotations

from textwire.recommendations.messages import Item
from textwire.recommendations.topics import RECS_ITEMS
from textwire.rows.known import Known, known_messages
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE
from textwire.wire.record import Partition, Record

PLACE = Partition("support.knowledge", 0)


def record(key: bytes | None, value: bytes | None, offset: int = 0) -> Record:
    return Record(PLACE, offset, key, value)


def passages_of(records: list[Record]) -> Known[Passage]:
    return known_messages(records, SUPPORT_KNOWLEDGE, Passage)


def test_the_last_record_of_a_key_counts() -> None:
    records = [
        record(b"b", b'{"id": "b", "text": "old"}'),
        record(b"a", b'{"id": "a", "text": "gone"}'),
        record(b"b", b'{"id": "b", "text": "new"}'),
        record(b"a", None),
    ]
    assert [passage.text for passage in passages_of(records).messages] == ["new"]


def test_a_passage_goes_by_the_key_that_can_take_it_away() -> None:
    [passage] = passages_of([record(b"key", b'{"id": "other", "text": "x"}')]).messages
    assert passage.id == "key"


def test_what_cannot_be_read_leaves_what_stood_before_it() -> None:
    good = record(b"a", b'{"id": "a", "text": "good"}')
    for value in (b"", b"\xff", b"{}", b'{"id": "a", "text": ""}'):
        known = passages_of([good, record(b"a", value)])
        assert known == ([Passage(id="a", text="good")], {b"a"})


def test_what_cannot_be_read_is_told_by_its_key_and_without_one_by_its_place() -> None:
    records = [record(b"a", b"{}"), record(b"a", b"["), record(b"\xff", None), record(None, b"", 7)]
    known = passages_of(records)
    assert known == ([], {b"a", b"\xff", "support.knowledge-0-7"})


def test_what_was_put_right_or_removed_is_not_told_any_more() -> None:
    good = record(b"a", b'{"id": "a", "text": "good"}')
    for after in (good, record(b"a", None)):
        assert passages_of([record(b"a", b"{}"), after]).unreadable == frozenset()


def test_items_are_listed_as_passages_are() -> None:
    place = Partition("recs.items", 0)
    values = [b'{"id": "a", "title": "Pan", "price": 79.9}', b'{"id": "a", "price": "79.90"}']
    records = [Record(place, offset, b"key", value) for offset, value in enumerate(values)]
    known = known_messages(records, RECS_ITEMS, Item)
    assert known == ([Item(id="key", title="Pan", price=79.9)], {b"key"})
