from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stream.made import record
from textwire.errors import RecordRejected, RedisUnavailable, Unavailable
from textwire.stream.tables.applying import MOST_AT_FAULT, RowApplier
from textwire.stream.tables.rows import Row
from textwire.support_qa.messages import Passage

BAD = "bad"


class Panic(BaseException):
    """As a library in Rust raises."""


def row(key: str, text: str | None = "good", offset: int = 0) -> Row:
    return Row(key, None if text is None else Passage(id=key, text=text), record(offset))


@dataclass
class Follower:
    """Holds rows; cannot take what says `bad`, and is left unchanged by such a batch."""

    error: BaseException = field(default_factory=lambda: ValueError("cannot be embedded"))
    rows: dict[str, str] = field(default_factory=dict)
    calls: int = 0

    def apply(self, changes: Mapping[str, Passage | None]) -> None:
        self.calls += 1
        if any(passage is not None and passage.text == BAD for passage in changes.values()):
            raise self.error
        for key, passage in changes.items():
            if passage is None:
                self.rows.pop(key, None)
            else:
                self.rows[key] = passage.text


def test_good_rows_are_applied_at_once() -> None:
    follower = Follower()
    assert RowApplier(follower.apply).apply([row("a"), row("b"), row("a", None)]) == []
    assert (follower.rows, follower.calls) == ({"b": "good"}, 1)


def test_nothing_is_asked_of_the_follower_where_there_is_nothing() -> None:
    follower = Follower()
    assert RowApplier(follower.apply).apply([]) == []
    assert follower.calls == 0


def test_a_row_that_cannot_be_applied_costs_itself_alone() -> None:
    follower = Follower()
    rows = [row("a"), row("b", BAD, offset=7), row("c")]
    [rejected] = RowApplier(follower.apply).apply(rows)
    assert follower.rows == {"a": "good", "c": "good"}
    assert (rejected.record, str(rejected.error)) == (rows[1].record, "cannot be embedded")
    assert rejected.message == Passage(id="b", text=BAD)


def test_a_row_that_cannot_be_applied_leaves_what_stood_before_it() -> None:
    follower = Follower()
    assert len(RowApplier(follower.apply).apply([row("a"), row("a", BAD)])) == 1
    assert follower.rows == {"a": "good"}


texts = st.none() | st.sampled_from(["x", "y", BAD])


@given(st.lists(st.tuples(st.sampled_from("abcd"), texts), max_size=MOST_AT_FAULT))
def test_many_rows_lead_to_what_they_lead_to_one_by_one(said: list[tuple[str, str | None]]) -> None:
    rows = [row(key, text, offset) for offset, (key, text) in enumerate(said)]
    together, one_by_one = Follower(), Follower()
    RowApplier(together.apply).apply(rows)
    for one in rows:
        RowApplier(one_by_one.apply).apply([one])
    assert together.rows == one_by_one.rows


def test_what_is_away_is_no_rows_fault() -> None:
    with pytest.raises(RedisUnavailable):
        RowApplier(Follower(RedisUnavailable("away")).apply).apply([row("a"), row("b", BAD)])


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device")])
def test_what_the_machine_lacks_is_no_rows_fault(error: Exception) -> None:
    with pytest.raises(Unavailable, match=type(error).__name__):
        RowApplier(Follower(error).apply).apply([row("a"), row("b", BAD)])


def test_a_panic_is_a_fault_as_any_other() -> None:
    follower = Follower(Panic("index out of bounds"))
    [rejected] = RowApplier(follower.apply).apply([row("a"), row("b", BAD)])
    assert str(rejected.error) == "Panic: index out of bounds"
    assert follower.rows == {"a": "good"}


def test_some_rows_that_came_together_may_all_be_at_fault() -> None:
    rows = [row(str(number), BAD) for number in range(MOST_AT_FAULT)]
    assert len(RowApplier(Follower().apply).apply(rows)) == MOST_AT_FAULT


def test_it_counts_on_until_a_row_passes() -> None:
    applier = RowApplier(Follower().apply)
    for number in range(MOST_AT_FAULT):
        assert len(applier.apply([row(str(number), BAD)])) == 1
    for _ in range(2):
        with pytest.raises(ValueError, match="cannot be embedded"):
            applier.apply([row("x", BAD)])
    assert len(applier.apply([row("x", BAD), row("good")])) == 1
    assert len(applier.apply([row("x", BAD)])) == 1


def test_where_none_of_many_rows_can_be_applied_none_is_at_fault() -> None:
    rows = [row(str(number), BAD) for number in range(MOST_AT_FAULT + 1)]
    with pytest.raises(ValueError, match="cannot be embedded"):
        RowApplier(Follower().apply).apply(rows)


def test_where_one_of_many_rows_can_be_applied_the_others_are_at_fault() -> None:
    rows = [row(str(number), BAD) for number in range(MOST_AT_FAULT + 1)]
    rejected = RowApplier(Follower().apply).apply([*rows, row("good")])
    assert [one.message for one in rejected] == [one.message for one in rows]
    assert not any(isinstance(one.error, RecordRejected) for one in rejected)
