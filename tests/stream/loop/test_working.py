"""What a batch leads to, however its pieces fail: the same as one record after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.stream.loops import Bench, Echoing
from tests.stream.made import ECHOES, WORDS, Echo
from textwire.errors import RecordRejected, RedisUnavailable
from textwire.results.memory import MemoryResults
from textwire.results.store import PlaceWrites, ResultStore
from textwire.results.writes import Count, Fence, Owner, Put
from textwire.stream.assignment import Assignment
from textwire.stream.kafka.record_batches import unreadable
from textwire.stream.memory import MemoryReader
from textwire.stream.processor import Outgoing, Received, Rejected, Result
from textwire.wire.record import Record

BAD = "bad"


class Flaky:
    """Numbers each word among its likes, which it remembers in the store; fails as it is told.

    failing  whether the next call on a batch of several fails; and then for good, all is well.
    away     whether what it needs is away at the next call.
    """

    name = "flaky"
    inputs = (WORDS,)
    model = "none"

    def __init__(self, store: ResultStore, failing: Sequence[bool], away: Sequence[bool]) -> None:
        self._store = store
        self._failing, self._away = iter(failing), iter(away)

    def process(self, batch: Sequence[Received]) -> list[Result]:
        if next(self._away, False):
            raise RedisUnavailable("away")
        if len(batch) > 1 and next(self._failing, False):
            raise RuntimeError("not this time")
        seen: dict[str, int] = {}
        return [self._number(received.message.text, seen) for received in batch]

    def _number(self, word: str, seen: dict[str, int]) -> Result:
        if word == BAD:
            raise ValueError("never")
        known = seen.get(word, int(self._store.get(word) or b"0"))
        seen[word] = known + 1
        return Result(
            (Outgoing(ECHOES, Echo(text=f"{word} {seen[word]}")),),
            (Put(word, str(seen[word]).encode()), Count("words", word)),
        )


class Contested(MemoryResults):
    """Others claim a fence before some of the stores, as a replica does that was frozen."""

    def __init__(self, claimed: Sequence[bool]) -> None:
        super().__init__()
        self._claimed = iter(claimed)

    def apply(
        self, fence: Fence, by_offset: Sequence[PlaceWrites], owner: Owner | None = None
    ) -> int:
        if next(self._claimed, False):
            self.claim(fence, Owner(0, "another"), from_anyone=True)
        return super().apply(fence, by_offset, owner)


words = st.lists(st.sampled_from(["a", "b", "c", BAD]), min_size=1, max_size=24)
fates = st.lists(st.booleans(), max_size=30)


def numbered(given_words: list[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for word in given_words:
        if word != BAD:
            seen[word] += 1
            yield f"{word} {seen[word]}"


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(words, fates, fates, st.integers(1, 10))
def test_whatever_fails_state_and_messages_are_those_of_one_record_after_the_other(
    given_words: list[str], failing: list[bool], away: list[bool], batch_records: int
) -> None:
    bench = Bench(partitions=1)
    bench.write(*given_words)
    processor = Flaky(bench.results, failing, away)
    bench.work_off(bench.loop(processor, max_batch_records=batch_records, retry_longest_s=0.006))

    expected = list(numbered(given_words))
    answered = [
        msgspec.json.decode(r.value or b"", type=Echo).text for r in bench.broker.records("echoes")
    ]
    assert sorted(answered) == sorted(expected)
    counts = Counter(word for word in given_words if word != BAD)
    assert {w: int(n) for w, n in bench.results.fields("words").items()} == counts
    for word, count in counts.items():
        assert bench.results.get(word) == str(count).encode()
    assert len(bench.dead()) == given_words.count(BAD)


def test_a_piece_whose_batch_failed_sees_what_the_piece_before_it_led_to() -> None:
    bench = Bench(partitions=1)
    bench.write(*["a"] * 8)
    bench.work_off(bench.loop(Flaky(bench.results, [True], [])))
    assert bench.echoes() == {f"a {number}": 1 for number in range(1, 9)}


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(words, fates, fates, st.integers(1, 10))
def test_whoever_claims_a_fence_meanwhile_each_record_is_taken_in_once_and_in_order(
    given_words: list[str], failing: list[bool], claimed: list[bool], batch_records: int
) -> None:
    bench = Bench(partitions=3)
    bench.write(*given_words)
    results = Contested(claimed)
    processor = Flaky(results, failing, [])
    loop = bench.loop(processor, results=results, max_batch_records=batch_records)
    bench.work_off(loop)
    assert bench.echoes() == Counter(numbered(given_words))
    counts = Counter(word for word in given_words if word != BAD)
    assert {w: int(n) for w, n in results.fields("words").items()} == counts


class Refusing(Echoing):
    """Tells whoever asked, unless it is told to fail at that."""

    def __init__(self, fails: bool = False) -> None:
        super().__init__(self._fail_on_bad)
        self.rejected: list[Rejected] = []
        self._fails = fails

    def refuse(self, rejected: Rejected) -> Result:
        self.rejected.append(rejected)
        if self._fails:
            raise KeyError("a mistake")
        return Result((Outgoing(ECHOES, Echo(text="refused")),), (Count("refused", "refused"),))

    @staticmethod
    def _fail_on_bad(words: list[str]) -> None:
        if BAD in words:
            raise ValueError("never")


def test_whoever_asked_is_told_beside_the_dead_letter() -> None:
    bench, processor = Bench(partitions=1), Refusing()
    bench.write("good", BAD)
    bench.broker.append(WORDS.name, b"no JSON", b"key")
    bench.work_off(bench.loop(processor))
    assert bench.echoes() == {"good": 1, "refused": 2}
    assert bench.results.fields("refused") == {"refused": b"2"}
    assert len(bench.dead()) == 2
    undecodable, failed = sorted(processor.rejected, key=lambda one: -one.record.offset)
    assert (undecodable.message, type(undecodable.error)) == (None, RecordRejected)
    assert (failed.message.text, str(failed.error)) == (BAD, "never")


def test_a_mistake_in_what_is_said_keeps_no_record_from_its_dead_letter() -> None:
    bench = Bench(partitions=1)
    bench.write("good", BAD)
    bench.work_off(bench.loop(Refusing(fails=True)))
    assert bench.echoes() == {"good": 1}
    assert len(bench.dead()) == 1


class UnreadableReader(MemoryReader):
    """Makes nothing of what it reads."""

    def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
        assignment, records = super().poll(timeout_s)
        return assignment, [unreadable(r.partition, r.offset, r.offset, "why") for r in records]


def test_what_the_reader_could_make_nothing_of_becomes_a_dead_letter() -> None:
    bench = Bench(partitions=1)
    bench.write("lost")
    bench.work_off(bench.loop(Echoing(), reader=UnreadableReader(bench.broker)))
    (letter,) = bench.dead()
    assert letter.headers["tw_reason"] == b"unreadable at offset 0: why"
    assert letter.headers["tw_source_offset"] == b"0"
