from __future__ import annotations

from textwire.messages import Item, Passage
from textwire.rows.known import Known, known_messages
from textwire.stream.records import Partition, Record

PLACE = Partition("support.knowledge", 0)


def record(key: bytes | None, value: bytes | None) -> Record:
    return Record(PLACE, 0, key, value)


def passages_of(records: list[Record]) -> Known[Passage]:
    return known_messages(records, Passage)


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


def test_what_is_no_passage_is_counted() -> None:
    known = passages_of([record(b"a", b"\xff"), record(b"b", b"{}"), record(b"c", b"[")])
    assert known == ([], 3)


def test_items_are_listed_as_passages_are() -> None:
    known = known_messages([record(b"key", b'{"id": "a", "title": "Pan"}')], Item)
    assert known == ([Item(id="key", title="Pan")], 0)
