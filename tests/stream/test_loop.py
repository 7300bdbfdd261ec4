from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.stream.loops import COUNTS, Bench, Echoing, eventually, running
from tests.stream.made import ECHOES, FIRST, SECOND, WORDS, Echo
from textwire.errors import BrokerUnavailable, RedisUnavailable
from textwire.results.memory import MemoryResults
from textwire.results.store import OffsetWrites
from textwire.results.writes import Count, Fence, Put
from textwire.stream.memory import MemoryBroker, MemoryPublisher, MemorySource
from textwire.stream.processor import Outgoing, Received, Result
from textwire.stream.records import OutgoingRecord, Partition, Record
from textwire.stream.source import Ownership

MANY = [f"word-{number}" for number in range(500)]
SECRET = "4000-1234-5678"


class FlakyResults(MemoryResults):
    """Away for its first applies."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures_left = failures

    def apply(self, fence: Fence, by_offset: Sequence[OffsetWrites]) -> int:
        if self.failures_left:
            self.failures_left -= 1
            raise RedisUnavailable("Redis is away")
        return super().apply(fence, by_offset)


class ObservedPublisher(MemoryPublisher):
    """Lets something happen before each publication, such as a failure."""

    def __init__(self, broker: MemoryBroker, before: Callable[[], None]) -> None:
        super().__init__(broker)
        self._before = before

    def publish(
        self, outgoing: Sequence[OutgoingRecord], offsets: Mapping[Partition, int], membership: Any
    ) -> None:
        self._before()
        super().publish(outgoing, offsets, membership)


class LosableSource(MemorySource):
    """Partitions can be taken away from it, as another replica would."""

    ownership: Ownership

    def start(self, ownership: Ownership) -> None:
        self.ownership = ownership
        self.gone: set[Partition] = set()
        super().start(ownership)

    def take_away(self, partition: Partition) -> None:
        self.gone.add(partition)
        self.ownership.lose([partition])

    def give_back(self, partition: Partition) -> None:
        """Reading goes on where the group committed."""
        self._positions[partition] = self._broker.committed.get(partition, 0)
        self.gone.discard(partition)

    def owned(self) -> set[Partition]:
        return super().owned() - self.gone


def test_every_record_is_answered_once() -> None:
    bench = Bench()
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing()))
    assert bench.echoes() == dict.fromkeys(MANY, 1)
    assert bench.counts() == dict.fromkeys(MANY, 1)
    assert bench.dead() == []


def test_answers_of_one_partition_come_in_its_order() -> None:
    bench = Bench(partitions=1)
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing(), max_batch_records=7))
    answered = [msgspec.json.decode(r.value or b"")["text"] for r in bench.broker.records("echoes")]
    assert answered == MANY


def test_what_comes_while_the_loop_runs_is_answered_too() -> None:
    bench = Bench()
    with running(bench.loop(Echoing())):
        bench.write("early")
        eventually(lambda: bench.echoes() == {"early": 1})
        bench.write("late")
        eventually(lambda: bench.echoes() == {"early": 1, "late": 1})


def test_batches_keep_within_their_bounds() -> None:
    bench, processor = Bench(), Echoing()
    bench.write(*MANY)
    bench.work_off(bench.loop(processor, max_batch_records=16))
    assert max(map(len, processor.batches)) == 16


def test_records_that_cannot_be_read_are_dead_letters_with_their_reason_and_the_rest_goes_on() -> (
    None
):
    bench = Bench(partitions=1)
    poison = [None, b"", b"\xff", b"{", b"[]", b'{"text":1}', b" " * 2_000, b"[" * 900 * 2]
    for value in poison:
        bench.write("good")
        bench.broker.append("words", value, b"key", {"theirs": b"kept"})
    bench.work_off(bench.loop(Echoing(), max_record_bytes=1_900))
    assert bench.echoes() == {"good": len(poison)}
    assert [letter.value for letter in bench.dead()] == poison
    for number, letter in enumerate(bench.dead()):
        assert letter.headers["tw_error"] == b"RecordRejected"
        assert letter.headers["tw_reason"]
        assert letter.headers["tw_source_offset"] == str(2 * number + 1).encode()
        assert letter.headers["theirs"] == b"kept"


def test_a_message_on_which_the_processor_fails_does_not_block_its_partition() -> None:
    def fail_on_one(words: list[str]) -> None:
        if "word-250" in words:
            raise ZeroDivisionError("cannot")

    bench = Bench(partitions=1)
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing(fail_on_one)))
    (letter,) = bench.dead()
    assert letter.headers["tw_error"] == b"ZeroDivisionError"
    assert letter.headers["tw_reason"] == b"cannot"
    assert letter.headers["tw_source_offset"] == b"250"
    assert bench.echoes() == {word: 1 for word in MANY if word != "word-250"}
    assert bench.counts() == {word: 1 for word in MANY if word != "word-250"}


def test_the_rest_of_a_batch_in_which_one_fails_is_processed_anew_as_one_batch() -> None:
    def fail_on_one(words: list[str]) -> None:
        if "bad" in words:
            raise ValueError("bad")

    bench, processor = Bench(partitions=1), Echoing(fail_on_one)
    bench.write("good", "bad")
    bench.write("better", "best")
    bench.work_off(bench.loop(processor))
    assert processor.batches[0] == ["good", "bad", "better", "best"]
    assert processor.batches[-1] == ["good", "better", "best"]
    assert len(bench.dead()) == 1


def test_a_processor_that_answers_nothing_for_a_message_is_no_endless_loop() -> None:
    class Silent(Echoing):
        def process(self, batch: Sequence[Received]) -> list[Result]:
            return []

    bench = Bench()
    bench.write("a", "b")
    bench.work_off(bench.loop(Silent()))
    assert len(bench.dead()) == 2


def test_a_result_that_no_broker_takes_is_a_dead_letter() -> None:
    class Inflating(Echoing):
        def process(self, batch: Sequence[Received]) -> list[Result]:
            return [self._inflated(one.message.text) for one in batch]

        def _inflated(self, word: str) -> Result:
            echo = Echo(text=word * 1_000_001 if word == "x" else word)
            return Result((Outgoing(ECHOES, echo),), (Count(COUNTS, word),))

    bench = Bench()
    bench.write("short", "x")
    bench.work_off(bench.loop(Inflating()))
    assert bench.echoes() == {"short": 1}
    assert bench.counts() == {"short": 1}
    assert b"a broker takes" in bench.dead()[0].headers["tw_reason"]


def test_while_the_processor_lacks_something_it_is_tried_again_and_readiness_says_so() -> None:
    reasons: list[str] = []
    bench = Bench()

    def be_away_at_first(words: list[str]) -> None:
        reasons.append(bench.health.reason)
        if len(reasons) < 4:
            raise RedisUnavailable("its memory is away")

    bench.write("hello")
    bench.work_off(bench.loop(Echoing(be_away_at_first)))
    assert reasons == ["", *["process: its memory is away"] * 3]
    assert bench.health.ready
    assert bench.echoes() == {"hello": 1}
    assert bench.dead() == []
    assert bench.metrics.report("none").retries == 3


def test_while_results_are_away_nothing_is_published_and_nothing_is_lost() -> None:
    bench = Bench()
    bench.results = FlakyResults(failures=5)
    published_at_failures_left: list[int] = []
    publisher = ObservedPublisher(
        bench.broker, lambda: published_at_failures_left.append(bench.results.failures_left)
    )
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing(), publisher=publisher))
    assert set(published_at_failures_left) == {0}
    assert bench.echoes() == dict.fromkeys(MANY, 1)
    assert bench.counts() == dict.fromkeys(MANY, 1)
    assert bench.health.ready


def test_while_the_broker_takes_nothing_readiness_says_so_and_polling_does_not_hide_it() -> None:
    bench, back = Bench(), Event()

    def be_away() -> None:
        if not back.is_set():
            raise BrokerUnavailable("no broker")

    bench.write("hello")
    publisher = ObservedPublisher(bench.broker, be_away)
    with running(bench.loop(Echoing(), publisher=publisher)):
        eventually(lambda: not bench.health.ready)
        seen = set()
        for _ in range(50):
            seen.add(bench.health.reason)
            sleep(0.005)
        assert seen == {"publish: no broker"}
        back.set()
        eventually(bench.all_is_committed)
    assert bench.health.ready
    assert bench.echoes() == {"hello": 1}
    assert bench.counts() == {"hello": 1}


def test_a_record_seen_twice_changes_nothing() -> None:
    bench = Bench()
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing()))
    first = bench.broker.records(ECHOES.name)
    bench.broker.committed = {FIRST: 100, SECOND: 0}
    bench.work_off(bench.loop(Echoing()))
    assert bench.counts() == dict.fromkeys(MANY, 1)
    again = bench.broker.records(ECHOES.name)
    assert {r.headers["ce_id"] for r in again} == {r.headers["ce_id"] for r in first}


class Numbering:
    """Remembers how many words it has seen, and answers each with its number."""

    name = "numbering"
    inputs = (WORDS,)
    model = "none"

    def __init__(self, results: MemoryResults) -> None:
        self._results = results

    def process(self, batch: Sequence[Received]) -> list[Result]:
        seen = int(self._results.get("seen") or b"0")
        return [
            Result(
                (Outgoing(ECHOES, Echo(text=str(number))),), (Put("seen", str(number).encode()),)
            )
            for number in range(seen + 1, seen + len(batch) + 1)
        ]


def test_what_a_processor_remembers_counts_each_record_once_even_when_it_is_read_again() -> None:
    bench = Bench(partitions=1)
    bench.write(*MANY[:50])
    bench.work_off(bench.loop(Numbering(bench.results), max_batch_records=20))
    before = bench.echoes()
    bench.broker.committed = {FIRST: 40}  # the last batch was stored, and not committed
    bench.work_off(bench.loop(Numbering(bench.results), max_batch_records=20))
    again = bench.echoes() - before
    assert again == {str(number): 1 for number in range(41, 51)}
    assert bench.results.get("seen") == b"50"


def test_a_death_after_storing_leads_to_the_same_answers_as_none() -> None:
    bench = Bench(partitions=1)
    bench.write(*MANY[:50])

    def die() -> None:
        raise RuntimeError("the power goes")

    dying = ObservedPublisher(bench.broker, die)
    with pytest.raises(RuntimeError, match="the power goes"):
        bench.loop(Numbering(bench.results), publisher=dying, max_batch_records=20).run()
    bench.write("one more")
    bench.work_off(bench.loop(Numbering(bench.results), max_batch_records=20))
    assert bench.echoes() == {str(number): 1 for number in range(1, 52)}


def test_a_new_loop_begins_where_the_last_one_ended() -> None:
    bench = Bench()
    bench.write("first")
    bench.work_off(bench.loop(Echoing()))
    bench.write("second")
    processor = Echoing()
    bench.work_off(bench.loop(processor))
    assert processor.batches == [["second"]]


def test_a_stop_finishes_the_batch_in_hand_and_begins_no_other() -> None:
    bench, began = Bench(partitions=1), Event()

    def be_slow(words: list[str]) -> None:
        began.set()
        sleep(0.2)

    bench.write(*MANY)
    processor = Echoing(be_slow)
    with running(bench.loop(processor, max_batch_records=10)):
        assert began.wait(5)
    assert bench.echoes() == dict.fromkeys(MANY[:10], 1)
    assert bench.broker.committed == {FIRST: 10}
    assert len(processor.batches) == 1


def test_a_stop_hands_back_what_does_not_end_in_time() -> None:
    bench, began, released = Bench(), Event(), Event()

    def hang(words: list[str]) -> None:
        began.set()
        released.wait(20)

    bench.write("hello")
    loop = bench.loop(Echoing(hang), shutdown_timeout_s=2.2)
    thread = Thread(target=loop.run)
    thread.start()
    assert began.wait(5)
    stopped_at = monotonic()
    loop.stop()
    thread.join(timeout=10)
    took_s = monotonic() - stopped_at
    assert not thread.is_alive()
    assert took_s < 2.2
    assert bench.broker.committed == {}
    assert bench.echoes() == {}
    released.set()


def test_a_stop_while_something_is_away_does_not_wait_for_it() -> None:
    bench = Bench()
    bench.results = FlakyResults(failures=10**9)
    bench.write("hello")
    began = monotonic()
    with running(bench.loop(Echoing(), retry_first_s=30, retry_longest_s=60)):
        eventually(lambda: not bench.health.ready)
    assert monotonic() - began < 5
    assert bench.broker.committed == {}
    assert bench.echoes() == {}


def test_stopping_before_the_start_runs_nothing() -> None:
    bench, processor = Bench(), Echoing()
    bench.write("hello")
    loop = bench.loop(processor)
    loop.stop()
    loop.run()
    assert processor.batches == []


class Broken(Exception):
    pass


def test_an_error_that_is_no_records_fault_ends_the_run_with_it() -> None:
    def break_down() -> None:
        raise Broken

    bench = Bench()
    bench.write("hello")
    loop = bench.loop(Echoing(), publisher=ObservedPublisher(bench.broker, break_down))
    with pytest.raises(Broken):
        loop.run()
    assert bench.broker.committed == {}


def test_an_error_of_polling_ends_the_run_with_it() -> None:
    class BrokenSource(MemorySource):
        def poll(self, timeout_s: float) -> list[Record]:
            raise Broken

    bench = Bench()
    with pytest.raises(Broken):
        bench.loop(Echoing(), source=BrokenSource(bench.broker, ["words"])).run()


def test_a_slow_processor_bounds_what_is_held_and_everything_is_answered() -> None:
    bench, held = Bench(), []

    class CountedSource(MemorySource):
        polled = 0

        def poll(self, timeout_s: float) -> list[Record]:
            records = super().poll(0.005)
            self.polled += len(records)
            return records

    source = CountedSource(bench.broker, ["words"], max_records=20)
    processor = Echoing(lambda words: sleep(0.001))

    def note() -> None:
        held.append(source.polled - sum(bench.counts().values()))

    publisher = ObservedPublisher(bench.broker, note)
    bench.write(*MANY)
    bench.work_off(
        bench.loop(
            processor,
            source=source,
            publisher=publisher,
            max_buffered_records=20,
            max_batch_records=5,
        )
    )
    # Of each of the two partitions, what makes it full, and the poll that went past it.
    assert max(held) <= 2 * (20 + 20)
    assert bench.echoes() == dict.fromkeys(MANY, 1)


def test_what_went_to_another_replica_is_not_published_here_and_the_rest_is() -> None:
    bench = Bench()
    bench.write("theirs", partition=0)
    bench.write("ours", partition=1)
    source = LosableSource(bench.broker, ["words"])
    processor = Echoing(lambda words: source.take_away(FIRST))
    with running(bench.loop(processor, source=source)):
        eventually(lambda: bench.broker.committed.get(SECOND) == 1)
    assert processor.batches == [["theirs", "ours"]]
    assert bench.echoes() == {"ours": 1}
    assert FIRST not in bench.broker.committed
    assert bench.metrics.report("none").records_out == 1


def test_what_went_and_came_back_meanwhile_is_published_by_the_batch_that_reads_it_anew() -> None:
    bench, comings_and_goings = Bench(partitions=1), Event()
    source = LosableSource(bench.broker, ["words"])

    def go_and_come_back(words: list[str]) -> None:
        if not comings_and_goings.is_set():
            comings_and_goings.set()
            source.take_away(FIRST)
            source.give_back(FIRST)

    bench.write("hello")
    processor = Echoing(go_and_come_back)
    bench.work_off(bench.loop(processor, source=source))
    assert processor.batches == [["hello"]]
    assert bench.echoes() == {"hello": 1}
    assert bench.counts() == {"hello": 1}


class ResultsWithoutFirst(MemoryResults):
    """Away for ever, but only for what is written of one partition."""

    def apply(self, fence: Fence, by_offset: Sequence[OffsetWrites]) -> int:
        if fence.partition == FIRST.number:
            raise RedisUnavailable("Redis is away")
        return super().apply(fence, by_offset)


def test_a_batch_of_which_nothing_is_ours_any_more_is_left_and_work_goes_on() -> None:
    bench = Bench()
    bench.results = ResultsWithoutFirst()
    source = LosableSource(bench.broker, ["words"])
    bench.write("theirs", partition=0)
    with running(bench.loop(Echoing(), source=source)):
        eventually(lambda: not bench.health.ready)
        source.take_away(FIRST)
        bench.write("ours", partition=1)
        eventually(lambda: bench.broker.committed.get(SECOND) == 1)
        assert bench.health.ready
    assert bench.echoes() == {"ours": 1}


class LaterCommitting(MemoryPublisher):
    """At least once: publishes, then leaves the offsets to the polling thread."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.broker)
        self._later = bench.commits.later

    def publish(
        self, outgoing: Sequence[OutgoingRecord], offsets: Mapping[Partition, int], membership: Any
    ) -> None:
        super().publish(outgoing, {}, membership)
        self._later(offsets)


def test_at_least_once_commits_what_it_published() -> None:
    bench = Bench()
    bench.write(*MANY)
    bench.work_off(bench.loop(Echoing(), publisher=LaterCommitting(bench)))
    assert bench.echoes() == dict.fromkeys(MANY, 1)


def test_at_least_once_commits_the_last_batch_at_the_stop() -> None:
    bench, began = Bench(partitions=1), Event()

    def be_slow(words: list[str]) -> None:
        began.set()
        sleep(0.3)

    bench.write("hello")
    with running(bench.loop(Echoing(be_slow), publisher=LaterCommitting(bench))):
        assert began.wait(5)
    assert bench.broker.committed == {FIRST: 1}


def test_a_commit_that_a_rebalance_refuses_does_not_hold_up_the_polling_that_ends_it() -> None:
    class Rebalancing(MemorySource):
        polls_needed = 0

        def poll(self, timeout_s: float) -> list[Record]:
            self.polls_needed = max(0, self.polls_needed - 1)
            return super().poll(0.005)

        def commit(self, offsets: Mapping[Partition, int]) -> None:
            if self.polls_needed:
                raise BrokerUnavailable("The group is rebalancing")
            super().commit(offsets)

    bench = Bench()
    source = Rebalancing(bench.broker, ["words"])
    with running(bench.loop(Echoing(), source=source, publisher=LaterCommitting(bench))):
        source.polls_needed = 3
        bench.write("hello")
        eventually(bench.all_is_committed, within_s=5)


def test_the_lag_counts_what_waits_here_and_there() -> None:
    bench, began, released = Bench(partitions=1), Event(), Event()

    def hang(words: list[str]) -> None:
        began.set()
        released.wait(20)

    bench.write(*MANY)
    with running(bench.loop(Echoing(hang), max_batch_records=1, max_buffered_records=10)):
        assert began.wait(5)
        eventually(lambda: bench.metrics.report("none").lag == {"words/0": len(MANY) - 1})
        released.set()


def test_what_passes_is_counted_and_timed() -> None:
    bench = Bench()
    bench.write("good", "better")
    bench.broker.append("words", b"bad")
    bench.work_off(bench.loop(Echoing()))
    report = bench.metrics.report("none")
    assert (report.records_in, report.records_out, report.dead_letters) == (3, 2, 1)
    stages = {times.stage for times in report.stages}
    assert stages == {"queue", "decode", "process", "store", "publish", "total"}


def quote_in_an_error(words: list[str]) -> None:
    if SECRET in words:
        raise ValueError(f"cannot read {SECRET}")


def test_no_line_of_the_log_holds_what_a_customer_wrote() -> None:
    bench = Bench()
    bench.results = FlakyResults(failures=1)
    bench.write(SECRET, "fine")
    for value in (b'{"text": 40, "card": "%s"}', b'{"text": "%s"', b"%s\xff"):
        bench.broker.append("words", value.replace(b"%s", SECRET.encode()), SECRET.encode())
    with capture_logs() as lines:
        bench.work_off(bench.loop(Echoing(quote_in_an_error)))
    assert [line["event"] for line in lines].count("dead letter") == 4
    assert all(SECRET not in str(line) for line in lines)


def test_where_it_is_asked_for_the_log_of_a_dead_letter_quotes_the_customer() -> None:
    bench = Bench()
    bench.broker.append("words", f"{{{SECRET}".encode())
    with capture_logs() as lines:
        bench.work_off(bench.loop(Echoing(), log_text=True))
    (line,) = [line for line in lines if line["event"] == "dead letter"]
    assert SECRET in line["value"]
    assert "not JSON" in line["reason"]


def test_a_dead_letter_is_logged_with_its_place_and_trace() -> None:
    bench = Bench(partitions=1)
    trace = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    bench.broker.append("words", b"bad", headers={"traceparent": trace})
    with capture_logs() as lines:
        bench.work_off(bench.loop(Echoing()))
    (line,) = [line for line in lines if line["event"] == "dead letter"]
    assert line["record"] == "words-0-0"
    assert line["error"] == "RecordRejected"
    assert line["trace"] == "0af7651916cd43dd8448eb211c80319c"


def test_paused_partitions_are_resumed_and_only_when_drained() -> None:
    bench, told = Bench(partitions=1), []

    class ToldSource(MemorySource):
        def pause(self, partitions: Iterable[Partition]) -> None:
            told.append("pause")
            super().pause(partitions)

        def resume(self, partitions: Iterable[Partition]) -> None:
            told.append("resume")
            super().resume(partitions)

    bench.write(*MANY)
    source = ToldSource(bench.broker, ["words"], max_records=100)
    processor = Echoing(lambda words: sleep(0.001))
    bench.work_off(
        bench.loop(processor, source=source, max_buffered_records=50, max_batch_records=20)
    )
    assert told[:2] == ["pause", "resume"]
    assert told == ["pause", "resume"] * (len(told) // 2)
    assert bench.counts() == dict.fromkeys(MANY, 1)
