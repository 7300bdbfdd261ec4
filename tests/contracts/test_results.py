"""What every result store keeps to: the one in memory and the one in Redis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.places import at
from tests.stream.loops import eventually
from textwire.errors import FenceTaken
from textwire.results.memory import MemoryResults
from textwire.results.redis import RedisResults
from textwire.results.store import PlaceWrites, ResultStore
from textwire.results.writes import (
    Append,
    Count,
    Drop,
    Fence,
    Log,
    Owner,
    Put,
    Remove,
    SetField,
    Write,
)

NUMBERS = count()
BINARY = bytes(range(256))


@pytest.fixture(params=["memory", "redis"])
def store(request: pytest.FixtureRequest) -> Iterator[ResultStore]:
    if request.param == "memory":
        yield MemoryResults()
        return
    results = RedisResults.from_url(request.getfixturevalue("redis_url"))
    yield results
    results.close()


@pytest.fixture
def fence(unique_name: str) -> Fence:
    return Fence(unique_name, "topic", 0, "made-once")


@pytest.fixture
def key(unique_name: str) -> str:
    return f"{unique_name}:key"


def test_what_was_never_written_is_not_there(store: ResultStore, key: str, fence: Fence) -> None:
    assert store.get(key) is None
    assert store.get_many([key, key]) == [None, None]
    assert store.get_many([]) == []
    assert store.tail(key, 5) == []
    assert store.fields(key) == {}
    assert store.entries(key) == {}
    assert store.last_applied(fence) is None


def test_a_value_is_read_as_it_was_put_and_replaced(store: ResultStore, key: str) -> None:
    store.write([Put(key, b"old"), Put(key, BINARY)])
    assert store.get(key) == BINARY
    assert store.get_many([f"{key}:none", key]) == [None, BINARY]


def test_an_empty_value_is_a_value(store: ResultStore, key: str) -> None:
    store.write([Put(key, b"")])
    assert store.get(key) == b""


def test_a_list_keeps_its_newest(store: ResultStore, key: str) -> None:
    store.write(Append(key, str(number).encode(), keep=3) for number in range(5))
    assert store.tail(key, 10) == [b"2", b"3", b"4"]
    assert store.tail(key, 2) == [b"3", b"4"]
    assert store.tail(key, 0) == []
    assert store.tail(key, -1) == []


def test_a_list_that_is_to_keep_less_gets_shorter(store: ResultStore, key: str) -> None:
    store.write([Append(key, b"a", keep=9), Append(key, b"b", keep=9), Append(key, BINARY, keep=2)])
    assert store.tail(key, 9) == [b"b", BINARY]


def test_a_value_is_taken_out_of_a_list_wherever_it_stands(store: ResultStore, key: str) -> None:
    store.write(Append(key, value, keep=9) for value in (b"a", BINARY, b"b", BINARY))
    store.write([Drop(key, BINARY), Drop(key, b"never")])
    assert store.tail(key, 9) == [b"a", b"b"]
    store.write([Drop(key, b"a"), Drop(key, b"b"), Append(key, b"c", keep=9)])
    assert store.tail(key, 9) == [b"c"]


def test_many_tables_are_read_as_one_by_one(store: ResultStore, unique_name: str) -> None:
    keys = [f"{unique_name}:{name}" for name in ("one", "none", "list", "two")]
    store.write([Count(keys[0], "a", 4), Append(keys[2], b"x", 3), SetField(keys[3], "b", BINARY)])
    assert store.fields_many(keys) == [{"a": b"4"}, {}, {}, {"b": BINARY}]
    assert store.fields_many(keys) == [store.fields(key) for key in keys]
    assert store.fields_many([]) == []


def test_fields_are_set_and_removed(store: ResultStore, key: str) -> None:
    store.write([SetField(key, "a", b"1"), SetField(key, "größe", BINARY), SetField(key, "c", b"")])
    store.write([SetField(key, "a", None), SetField(key, "never", None)])
    assert store.fields(key) == {"größe": BINARY, "c": b""}


def test_counters_count_up_and_down(store: ResultStore, key: str) -> None:
    store.write([Count(key, "a"), Count(key, "a", by=41), Count(key, "b", by=-2)])
    assert store.fields(key) == {"a": b"42", "b": b"-2"}


def test_a_log_keeps_its_entries_by_place(store: ResultStore, key: str) -> None:
    store.write([Log(key, at(0), b""), Log(key, at(7), BINARY), Log(key, at(2**53 - 1), b"far")])
    assert list(store.entries(key).items()) == [
        (at(0), b""),
        (at(7), BINARY),
        (at(2**53 - 1), b"far"),
    ]


def test_entries_below_a_place_are_dropped_as_another_is_added(
    store: ResultStore, key: str
) -> None:
    store.write(Log(key, at(number), b"x") for number in range(4))
    store.write([Log(key, at(4), b"y", keep_from=at(2))])
    assert store.entries(key) == {at(2): b"x", at(3): b"x", at(4): b"y"}
    store.write([Log(key, at(9), b"z", keep_from=at(9))])
    assert store.entries(key) == {at(9): b"z"}


def test_an_entry_that_comes_too_late_changes_nothing(store: ResultStore, key: str) -> None:
    store.write([Log(key, at(5), b"first")])
    store.write([Log(key, at(5), b"again"), Log(key, at(4), b"late")])
    assert store.entries(key) == {at(5): b"first"}
    store.write([Log(key, at(5), b"again", keep_from=at(6))])
    store.write([Log(key, at(5), b"once more")])
    assert store.entries(key) == {}
    store.write([Log(key, at(6), b"next")])
    assert store.entries(key) == {at(6): b"next"}


def test_a_log_that_was_removed_begins_again(store: ResultStore, key: str) -> None:
    store.write([Log(key, at(5), b"before"), Remove(key), Log(key, at(0), b"after")])
    assert store.entries(key) == {at(0): b"after"}


def test_what_is_removed_is_gone_whatever_it_was(store: ResultStore, unique_name: str) -> None:
    value, listed, table, log, never = (f"{unique_name}:{name}" for name in "vltgn")
    store.write([Put(value, b"x"), Append(listed, b"x", keep=3), SetField(table, "f", b"x")])
    store.write([Log(log, at(0), b"x")])
    store.write([Remove(key) for key in (value, listed, table, log, never)])
    assert store.get(value) is None
    assert store.tail(listed, 3) == []
    assert store.fields(table) == {}
    assert store.entries(log) == {}
    store.write([Put(value, b"again")])
    assert store.get(value) == b"again"


def test_writing_nothing_changes_nothing(store: ResultStore, fence: Fence) -> None:
    store.write([])
    assert store.apply(fence, []) == 0
    assert store.last_applied(fence) is None


def test_an_offset_is_applied_once(store: ResultStore, fence: Fence, key: str) -> None:
    counted = [Count(key, "seen")]
    assert store.apply(fence, [(at(3), counted)]) == 1
    assert store.apply(fence, [(at(3), counted)]) == 0
    assert store.apply(fence, [(at(2), counted), (at(3), counted), (at(4), counted)]) == 1
    assert store.fields(key) == {"seen": b"2"}
    assert store.last_applied(fence) == at(4)


def test_offset_zero_is_the_first(store: ResultStore, fence: Fence, key: str) -> None:
    assert store.apply(fence, [(at(0), [Put(key, b"first")])]) == 1
    assert store.last_applied(fence) == at(0)
    assert store.apply(fence, [(at(0), [Put(key, b"again")])]) == 0
    assert store.get(key) == b"first"


@pytest.mark.parametrize("offset", [10**6, 10**8, 123_456_789_012, 2**53 - 1])
def test_large_offsets_are_exact(store: ResultStore, fence: Fence, key: str, offset: int) -> None:
    store.apply(fence, [(at(offset - 1), [Count(key, "seen")])])
    assert store.last_applied(fence) == at(offset - 1)
    assert store.apply(fence, [(at(offset - 1), [Count(key, "seen")])]) == 0
    assert store.apply(fence, [(at(offset), [Count(key, "seen")])]) == 1
    assert store.last_applied(fence) == at(offset)


def test_a_record_that_came_after_the_log_was_cut_off_is_applied(
    store: ResultStore, fence: Fence, key: str
) -> None:
    counted = [Count(key, "seen")]
    store.apply(fence, [(at(7, epoch=3), counted), (at(8, epoch=3), counted)])
    assert store.apply(fence, [(at(5, epoch=4), counted)]) == 1
    assert store.apply(fence, [(at(5, epoch=4), counted)]) == 0
    assert store.apply(fence, [(at(8, epoch=3), counted), (at(9, epoch=3), counted)]) == 0
    assert store.last_applied(fence) == at(5, epoch=4)


def test_where_no_epoch_is_known_offsets_tell_what_is_applied(
    store: ResultStore, fence: Fence, key: str
) -> None:
    store.apply(fence, [(at(7, epoch=-1), [Count(key, "seen")])])
    assert store.last_applied(fence) == at(7, epoch=-1)
    assert store.apply(fence, [(at(7, epoch=3), [Count(key, "seen")])]) == 0
    assert store.apply(fence, [(at(8, epoch=3), [Count(key, "seen")])]) == 1
    assert store.apply(fence, [(at(8, epoch=-1), [Count(key, "seen")])]) == 0


def test_entries_of_a_log_that_was_cut_off_stand_behind_those_before(
    store: ResultStore, key: str
) -> None:
    store.write([Log(key, at(7, epoch=3), b"old"), Log(key, at(5, epoch=4), b"new")])
    assert list(store.entries(key).items()) == [
        (at(7, epoch=3), b"old"),
        (at(5, epoch=4), b"new"),
    ]
    store.write([Log(key, at(6, epoch=4), b"next", keep_from=at(5, epoch=4))])
    assert list(store.entries(key)) == [at(5, epoch=4), at(6, epoch=4)]


def test_writes_of_an_offset_are_applied_in_their_order(
    store: ResultStore, fence: Fence, key: str
) -> None:
    store.apply(fence, [(at(0), [Put(key, b"1"), Put(key, b"2")]), (at(1), [Put(key, b"3")])])
    assert store.get(key) == b"3"


def test_an_offset_without_writes_moves_the_fence(store: ResultStore, fence: Fence) -> None:
    assert store.apply(fence, [(at(5), [])]) == 1
    assert store.last_applied(fence) == at(5)


@pytest.mark.parametrize(
    "other",
    [{"group": "other"}, {"topic": "other"}, {"partition": 1}, {"topic_id": "made-anew"}],
    ids=lambda other: next(iter(other)),
)
def test_each_stream_of_offsets_has_a_fence_of_its_own(
    store: ResultStore, fence: Fence, key: str, other: dict[str, object], unique_name: str
) -> None:
    if "group" in other:
        other = {"group": f"{unique_name}-other"}
    store.apply(fence, [(at(7), [Count(key, "seen")])])
    assert store.apply(fence._replace(**other), [(at(7), [Count(key, "seen")])]) == 1
    assert store.fields(key) == {"seen": b"2"}


def test_every_kind_of_write_goes_behind_the_fence(
    store: ResultStore, fence: Fence, unique_name: str
) -> None:
    kinds: list[Write] = [
        Put(f"{unique_name}:value", BINARY),
        Put(f"{unique_name}:brief", b"x", ttl_s=60),
        Append(f"{unique_name}:list", BINARY, keep=2, ttl_s=60),
        SetField(f"{unique_name}:table", "field", BINARY),
        SetField(f"{unique_name}:table", "gone", b"x"),
        SetField(f"{unique_name}:table", "gone", None),
        Count(f"{unique_name}:counts", "field", by=3),
        Log(f"{unique_name}:log", at(3), BINARY, keep_from=at(1), ttl_s=60),
        Put(f"{unique_name}:removed", b"x"),
        Remove(f"{unique_name}:removed"),
    ]
    for _ in range(2):
        store.apply(fence, [(at(0), kinds)])
    values_of = [f"{unique_name}:{name}" for name in ("value", "brief", "removed")]
    assert store.get_many(values_of) == [BINARY, b"x", None]
    assert store.tail(f"{unique_name}:list", 5) == [BINARY]
    assert store.fields(f"{unique_name}:table") == {"field": BINARY}
    assert store.fields(f"{unique_name}:counts") == {"field": b"3"}
    assert store.entries(f"{unique_name}:log") == {at(3): BINARY}


def kinds(key: str) -> list[Write]:
    """A write of each kind that does not replace what is there."""
    return [
        Append(key, b"x", keep=3, ttl_s=60),
        SetField(key, "field", b"x"),
        SetField(key, "field", None),
        Count(key, "field"),
        Log(key, at(0), b"x"),
    ]


@pytest.mark.parametrize("kind", [Put, Append, SetField, Count, Log])
def test_a_write_to_another_type_of_value_is_refused_and_all_others_go_on(
    store: ResultStore, fence: Fence, unique_name: str, kind: type[Write]
) -> None:
    theirs, ours = f"{unique_name}:theirs", f"{unique_name}:ours"
    there = next((one for one in kinds(theirs) if type(one) is kind), Put(theirs, b"x"))
    others = [one for one in kinds(theirs) if type(one) is not kind]
    if kind in (SetField, Count):  # both are fields of a table
        others = [one for one in others if type(one) not in (SetField, Count)]
    store.write([there])
    before = held(store, theirs)
    assert store.apply(fence, [(at(0), [Count(ours, "n"), *others, Count(ours, "n")])]) == 1
    assert held(store, theirs) == before
    assert store.fields(ours) == {"n": b"2"}
    assert store.last_applied(fence) == at(0)


def test_what_is_no_counter_is_not_counted(store: ResultStore, fence: Fence, key: str) -> None:
    odd = [b"", b"a", b"1.0", b" 1", b"+1", b"01", b"-0", b"9" * 40, b"9223372036854775807"]
    fields = {str(number): value for number, value in enumerate(odd)}
    store.write(SetField(key, field, value) for field, value in fields.items())
    store.apply(fence, [(at(0), [*(Count(key, field) for field in fields), Count(key, "n")])])
    assert store.fields(key) == {**fields, "n": b"1"}


def test_of_another_type_of_value_nothing_is_read(store: ResultStore, unique_name: str) -> None:
    value, listed = f"{unique_name}:value", f"{unique_name}:list"
    store.write([Put(value, b"x"), Append(listed, b"x", keep=1)])
    assert store.get(listed) is None
    assert store.tail(value, 1) == []
    assert store.fields(value) == store.fields(listed) == {}
    assert store.entries(value) == store.entries(listed) == {}


def test_many_writes_are_applied_at_once(store: ResultStore, fence: Fence, key: str) -> None:
    by_offset = [(at(offset), [Count(key, "seen")] * 10) for offset in range(1_000)]
    assert store.apply(fence, by_offset) == 1_000
    assert store.fields(key) == {"seen": b"10000"}


def test_nobody_sees_half_of_an_apply(store: ResultStore, fence: Fence, unique_name: str) -> None:
    keys = [f"{unique_name}:{number}" for number in range(50)]
    torn: list[set[bytes | None]] = []

    def write() -> None:
        for offset in range(100):
            value = str(offset).encode()
            store.apply(fence, [(at(offset), [Put(key, value) for key in keys])])

    writing = Thread(target=write)
    writing.start()
    while writing.is_alive():
        seen = set(store.get_many(keys))
        if len(seen) != 1:
            torn.append(seen)
    writing.join()
    assert torn == []


def test_two_that_apply_the_same_offsets_together_apply_each_once(
    store: ResultStore, fence: Fence, key: str
) -> None:
    def apply() -> None:
        for offset in range(100):
            store.apply(fence, [(at(offset), [Count(key, "seen")])])

    threads = [Thread(target=apply) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.fields(key) == {"seen": b"100"}


def a_second_passes(store: ResultStore, key: str) -> None:
    """Until what was written for a second, now or just before, is gone."""
    if store.get(key) is None:
        store.write([Put(key, b"x", ttl_s=1)])
    eventually(lambda: store.get(key) is None)


def test_what_lives_a_second_is_gone_after_it(
    store: ResultStore, fence: Fence, unique_name: str
) -> None:
    value, kept, listed = (f"{unique_name}:{name}" for name in ("value", "kept", "list"))
    table, counts, log = (f"{unique_name}:{name}" for name in ("table", "counts", "log"))
    store.write(
        [
            Put(value, b"x", ttl_s=1),
            Put(kept, b"x", ttl_s=1),
            Put(kept, b"for ever"),
            Append(listed, b"x", keep=5, ttl_s=1),
            SetField(table, "field", b"x", ttl_s=1),
            Count(counts, "field", ttl_s=1),
            Log(log, at(5), b"x", ttl_s=1),
        ]
    )
    a_second_passes(store, value)
    assert store.get_many([value, kept]) == [None, b"for ever"]
    assert store.tail(listed, 5) == []
    assert store.fields(table) == store.fields(counts) == {}
    assert store.entries(log) == {}
    store.write([Append(listed, b"new", keep=5), Log(log, at(0), b"new"), Count(counts, "field")])
    assert store.tail(listed, 5) == [b"new"]
    assert store.entries(log) == {at(0): b"new"}
    assert store.fields(counts) == {"field": b"1"}


def test_whoever_lives_longer_with_each_write_lives_on(store: ResultStore, key: str) -> None:
    store.write([Count(key, "n", ttl_s=1)])
    store.write([Count(key, "n", ttl_s=60), Count(key, "n")])
    a_second_passes(store, f"{key}:passing")
    assert store.fields(key) == {"n": b"3"}


def test_a_key_that_was_emptied_does_not_expire_when_it_is_used_again(
    store: ResultStore, key: str
) -> None:
    store.write([SetField(key, "f", b"x", ttl_s=1), SetField(key, "f", None)])
    store.write([Append(key, b"x", keep=1)])
    a_second_passes(store, f"{key}:passing")
    assert store.tail(key, 1) == [b"x"]


names = st.sampled_from(["a", "b"])
values = st.binary(max_size=8)
numbers = st.integers(0, 5)
places = st.builds(at, numbers, st.integers(-1, 2))
writes = st.one_of(
    st.builds(Put, names.map("value:{}".format), values),
    st.builds(Append, names.map("list:{}".format), values, keep=st.integers(1, 4)),
    st.builds(SetField, names.map("table:{}".format), names, st.none() | values),
    st.builds(Count, names.map("counts:{}".format), names, st.integers(-5, 5)),
    st.builds(Log, names.map("log:{}".format), places, values, st.none() | places),
    st.builds(Remove, st.sampled_from(["value:a", "list:a", "table:a", "counts:a", "log:a"])),
    # One key for all kinds of values: what came first stays.
    st.builds(Put, st.just("any:a"), values),
    st.builds(Append, st.just("any:a"), values, keep=st.integers(1, 4)),
    st.builds(SetField, st.just("any:a"), names, st.none() | values),
    st.builds(Count, st.just("any:a"), names),
    st.builds(Log, st.just("any:a"), places, values, st.none() | places),
    st.builds(Remove, st.just("any:a")),
)
logs = st.lists(st.lists(writes, max_size=3), min_size=1, max_size=8)


@st.composite
def replays(draw: st.DrawFn) -> tuple[list[list[Write]], list[range]]:
    """A partition's writes by offset, and stretches of it as replicas apply them.

    Each stretch begins at or before where the last one ended, as committed offsets make it.
    """
    log = draw(logs)
    stretches, applied = [], 0
    for _ in range(draw(st.integers(1, 6))):
        begin = draw(st.integers(0, applied))
        end = draw(st.integers(begin, len(log)))
        stretches.append(range(begin, end))
        applied = max(applied, end)
    return log, [*stretches, range(len(log))]


@given(replay=replays())
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each example has its own keys
)
def test_stretches_applied_again_and_overlapping_equal_each_offset_applied_once(
    store: ResultStore, unique_name: str, replay: tuple[list[list[Write]], list[range]]
) -> None:
    log, stretches = replay
    again, once = (f"{unique_name}:{next(NUMBERS)}:" for _ in range(2))
    for stretch in stretches:
        store.apply(Fence(again, "topic", 0), by_offset(log, stretch, again))
    for offset in range(len(log)):
        store.apply(Fence(once, "topic", 0), by_offset(log, [offset], once))
    assert everything(store, again) == everything(store, once)
    assert store.last_applied(Fence(again, "topic", 0)) == at(len(log) - 1)


@given(log=logs)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_redis_and_memory_give_the_same(
    redis_url: str, unique_name: str, log: list[list[Write]]
) -> None:
    prefix = f"{unique_name}:{next(NUMBERS)}:"
    memory, redis = MemoryResults(), RedisResults.from_url(redis_url)
    for store in (memory, redis):
        store.apply(Fence(prefix, "topic", 0), by_offset(log, range(len(log)), prefix))
    assert everything(memory, prefix) == everything(redis, prefix)
    redis.close()


def by_offset(log: list[list[Write]], offsets: Sequence[int], prefix: str) -> list[PlaceWrites]:
    return [(at(offset), [prefixed(write, prefix) for write in log[offset]]) for offset in offsets]


def prefixed(write: Write, prefix: str) -> Write:
    fields = {name: getattr(write, name) for name in type(write).__slots__}
    return type(write)(**{**fields, "key": prefix + write.key})


def everything(store: ResultStore, prefix: str) -> dict[str, object]:
    kinds = ("value", "list", "table", "counts", "log", "any")
    keys = [f"{prefix}{kind}:{name}" for kind in kinds for name in ("a", "b")]
    return {key.removeprefix(prefix): held(store, key) for key in keys}


def held(store: ResultStore, key: str) -> tuple[object, ...]:
    """What stands under a key, asked for as each kind of value."""
    return store.get(key), store.tail(key, 9), store.fields(key), store.entries(key)


FIRST, SECOND, OF_THE_NEXT = Owner(3, "first"), Owner(3, "second"), Owner(4, "next")


def test_a_fence_that_was_never_moved_has_no_offset_to_claim(
    store: ResultStore, fence: Fence
) -> None:
    assert store.claim(fence, FIRST) is None


def test_who_claims_a_fence_learns_how_far_it_was_moved(store: ResultStore, fence: Fence) -> None:
    store.claim(fence, FIRST)
    store.apply(fence, [(at(7), [])], FIRST)
    assert store.claim(fence, OF_THE_NEXT) == at(7)


def test_who_lost_a_fence_writes_nothing_more(store: ResultStore, fence: Fence, key: str) -> None:
    store.claim(fence, FIRST)
    store.apply(fence, [(at(0), [Count(key, "a")])], FIRST)
    store.claim(fence, OF_THE_NEXT)
    with pytest.raises(FenceTaken, match="generation 4 next"):
        store.apply(fence, [(at(1), [Count(key, "a")])], FIRST)
    assert store.fields(key) == {"a": b"1"}
    assert store.last_applied(fence) == at(0)
    assert store.apply(fence, [(at(1), [Count(key, "a")])], OF_THE_NEXT) == 1


def test_an_earlier_generation_cannot_claim_back(store: ResultStore, fence: Fence) -> None:
    store.claim(fence, OF_THE_NEXT)
    with pytest.raises(FenceTaken):
        store.claim(fence, FIRST)
    assert store.apply(fence, [(at(0), [])], OF_THE_NEXT) == 1


def test_of_one_generation_the_last_to_claim_has_it(store: ResultStore, fence: Fence) -> None:
    store.claim(fence, FIRST)
    store.claim(fence, SECOND)
    assert store.apply(fence, [(at(0), [])], SECOND) == 1
    with pytest.raises(FenceTaken):
        store.apply(fence, [(at(1), [])], FIRST)


def test_where_generations_begin_anew_a_fence_can_be_claimed_from_anyone(
    store: ResultStore, fence: Fence
) -> None:
    store.claim(fence, OF_THE_NEXT)
    store.claim(fence, Owner(1, "of a group made anew"), from_anyone=True)
    with pytest.raises(FenceTaken):
        store.apply(fence, [(at(0), [])], OF_THE_NEXT)


def test_a_fence_that_nobody_claimed_is_the_first_writer_s(
    store: ResultStore, fence: Fence
) -> None:
    assert store.apply(fence, [(at(0), [])], FIRST) == 1
    with pytest.raises(FenceTaken):
        store.apply(fence, [(at(1), [])], SECOND)


def test_one_partition_s_owner_is_none_of_another_s(store: ResultStore, fence: Fence) -> None:
    store.claim(fence, FIRST)
    assert store.claim(fence._replace(partition=1), SECOND) is None
    assert store.apply(fence._replace(partition=1), [(at(0), [])], SECOND) == 1
