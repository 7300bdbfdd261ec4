from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import msgspec
import pytest
from structlog.testing import capture_logs

from tests.stream.loops import COUNTS, Bench, Echoing, LosableMember, eventually, running
from tests.stream.made import ECHOES, FIRST, SECOND, WORDS, Echo
from textwire.errors import BrokerUnavailable, RedisUnavailable
from textwire.results.memory import MemoryResults
from textwire.results.store import PlaceWrites
from textwire.results.writes import Count, Fence, Owner, Put
from textwire.stream.assignment import Assignment, Position
from textwire.stream.memory import MemoryBroker, MemoryMember, MemoryPublisher, MemoryReader
from textwire.stream.processor import Outgoing, Received, Result
from textwire.stream.publisher import Positions
from textwire.wire.record import OutgoingRecord, Partition, Record

MANY = [f"word-{number}" for number in range(500)]
SECRET = "4000-1234-5678"


class FlakyResults(MemoryResults):
    """Away for its first applies."""

    def __init__(self, failures: int) -> None:
        super().__init__()
        self.failures_left = failures

    def apply(
        self, fence: Fence, by_offset: Sequence[PlaceWrites], owner: Owner | None = None
    ) -> int:
        if self.failures_left:
            self.failures_left -= 1
            raise RedisUnavailable("Redis is away")
        return super().apply(fence, by_offset, owner)


class ObservedPublisher(MemoryPublisher):
    """Lets something happen before each publication, such as a failure."""

    def __init__(self, broker: MemoryBroker, before: Callable[[], None]) -> None:
        super().__init__(broker)
        self._before = before

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        self._before()
        super().publish(outgoing, positions, proof)


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
        assert letter.headers["tw_error"] in (b"RecordRejected", b"RecordTooLarge")
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
    bench.broker.commit({FIRST: Position(100, "words"), SECOND: Position(0, "words")})
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
    # The last batch was stored, and not committed.
    bench.broker.commit({FIRST: Position(40, "words")})
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


class Forgetful(Echoing):
    """Answers every word, and remembers every second one alone."""

    def process(self, batch: Sequence[Received]) -> list[Result]:
        results = super().process(batch)
        return [
            result if received.record.offset % 2 else Result(result.messages)
            for received, result in zip(batch, results, strict=True)
        ]


def test_after_a_death_answers_that_were_stored_and_that_were_not_come_in_the_order_asked() -> None:
    bench = Bench(partitions=1)
    bench.write(*MANY[:20])

    def die() -> None:
        raise RuntimeError("the power goes")

    dying = ObservedPublisher(bench.broker, die)
    with pytest.raises(RuntimeError, match="the power goes"):
        bench.loop(Forgetful(), publisher=dying).run()
    bench.work_off(bench.loop(Forgetful()))
    echoed = [
        msgspec.json.decode(r.value or b"", type=Echo) for r in bench.broker.records("echoes")
    ]
    assert [echo.text for echo in echoed] == MANY[:20]


class OfAnother(MemoryMember):
    """A member that finds a topic of the same name which was made anew."""

    def topic_ids(self) -> dict[str, str]:
        return {WORDS.name: "made anew"}


def test_events_of_a_topic_made_anew_are_no_repeats_of_those_of_its_predecessor() -> None:
    """Whoever drops repeats by `ce_id` would drop them: the offsets begin anew."""
    bench = Bench(partitions=1)
    bench.write("hello")
    bench.work_off(bench.loop(Echoing()))
    with running(bench.loop(Echoing(), member=OfAnother(bench.broker, [WORDS.name]))):
        eventually(lambda: len(bench.broker.records(ECHOES.name)) == 2)
    first, second = (one.headers["ce_id"] for one in bench.broker.records(ECHOES.name))
    assert first != second


def test_a_new_loop_begins_where_the_last_one_ended() -> None:
    bench = Bench()
    bench.write("first")
    bench.work_off(bench.loop(Echoing()))
    bench.write("second")
    processor = Echoing()
    bench.work_off(bench.loop(processor))
    assert processor.batches == [["second"]]


def test_a_stop_finishes_the_batch_in_hand_and_begins_no_other() -> None:
    bench, began, told_to_stop = Bench(partitions=1), Event(), Event()

    def be_slow(words: list[str]) -> None:
        began.set()
        assert told_to_stop.wait(20)

    bench.write(*MANY)
    processor = Echoing(be_slow)
    loop = bench.loop(processor, max_batch_records=10)
    with running(loop):
        assert began.wait(20)
        loop.stop()
        told_to_stop.set()
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


def test_an_error_of_reading_ends_the_run_with_it() -> None:
    class BrokenReader(MemoryReader):
        def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
            raise Broken

    bench = Bench()
    with pytest.raises(Broken):
        bench.loop(Echoing(), reader=BrokenReader(bench.broker)).run()


def test_an_error_of_the_membership_ends_the_run_with_it() -> None:
    class BrokenMember(MemoryMember):
        def poll(self, timeout_s: float) -> None:
            raise Broken

    bench = Bench()
    with pytest.raises(Broken):
        bench.loop(Echoing(), member=BrokenMember(bench.broker, ["words"])).run()


def test_a_slow_processor_bounds_what_is_held_and_everything_is_answered() -> None:
    bench, held = Bench(), []

    class CountedReader(MemoryReader):
        polled = 0

        def poll(self, timeout_s: float) -> tuple[Assignment | None, list[Record]]:
            assignment, records = super().poll(0.005)
            self.polled += len(records)
            return assignment, records

    reader = CountedReader(bench.broker, max_records=20)
    processor = Echoing(lambda words: sleep(0.001))

    def note() -> None:
        held.append(reader.polled - sum(bench.counts().values()))

    publisher = ObservedPublisher(bench.broker, note)
    bench.write(*MANY)
    bench.work_off(
        bench.loop(
            processor,
            reader=reader,
            publisher=publisher,
            max_buffered_records=20,
            max_batch_records=5,
        )
    )
    # Of each of the two partitions what makes it full, and the poll that went past it.
    assert max(held) <= 2 * 20 + 20
    assert bench.echoes() == dict.fromkeys(MANY, 1)


def test_what_went_to_another_replica_is_neither_stored_nor_published_here() -> None:
    bench = Bench(partitions=1)
    member = LosableMember(bench.broker, ["words"])
    taken = Event()

    def take_it_away(words: list[str]) -> None:
        member.take_away()
        taken.set()

    bench.write("theirs")
    with running(bench.loop(Echoing(take_it_away), member=member)):
        assert taken.wait(5)
    assert bench.echoes() == {}
    assert bench.counts() == {}
    assert bench.broker.committed == {}


class HangingPublisher(MemoryPublisher):
    """Its first transaction stays open until the id is taken over: no broker ends it."""

    def __init__(self, broker: MemoryBroker, meanwhile: Callable[[], None]) -> None:
        super().__init__(broker)
        self._meanwhile = meanwhile
        self._tries = 0
        self.is_open = False

    def start(self) -> None:
        self.is_open = False

    def publish(self, outgoing: Sequence[OutgoingRecord], positions: Positions, proof: Any) -> None:
        self._tries += 1
        if self._tries == 1:
            self.is_open = True
            self._meanwhile()
            raise BrokerUnavailable("no answer")
        super().publish(outgoing, positions, proof)


class WaitingMember(LosableMember):
    """Is not told where the group goes on while a transaction is open."""

    publisher: HangingPublisher

    def committed(self, partition: Partition) -> Position | None:
        if self.publisher.is_open:
            raise BrokerUnavailable("a transaction is open")
        return super().committed(partition)


def test_a_transaction_that_was_left_open_is_ended_though_there_is_nothing_more_to_publish() -> (
    None
):
    """Brokers died in it, the partitions came back, and waited for it: nothing was read of them."""
    bench = Bench(partitions=1)
    member = WaitingMember(bench.broker, ["words"])

    def go_and_come_back() -> None:
        member.take_away()
        member.give_back()

    member.publisher = HangingPublisher(bench.broker, go_and_come_back)
    bench.write("hello")
    bench.work_off(bench.loop(Echoing(), member=member, publisher=member.publisher))
    assert bench.echoes() == {"hello": 1}


def test_what_went_and_came_back_meanwhile_is_published_by_the_batch_that_reads_it_anew() -> None:
    bench, comings_and_goings = Bench(partitions=1), Event()
    member = LosableMember(bench.broker, ["words"])

    def go_and_come_back(words: list[str]) -> None:
        if not comings_and_goings.is_set():
            comings_and_goings.set()
            member.take_away()
            member.give_back()

    bench.write("hello")
    processor = Echoing(go_and_come_back)
    bench.work_off(bench.loop(processor, member=member))
    assert processor.batches == [["hello"], ["hello"]]
    assert bench.echoes() == {"hello": 1}
    assert bench.counts() == {"hello": 1}


def test_a_batch_that_is_not_ours_any_more_is_left_and_work_goes_on() -> None:
    bench = Bench(partitions=1)
    bench.results = FlakyResults(failures=10**9)
    member = LosableMember(bench.broker, ["words"])
    bench.write("hello")
    with running(bench.loop(Echoing(), member=member)):
        eventually(lambda: not bench.health.ready)
        member.take_away()
        eventually(lambda: bench.health.ready)
        bench.results.failures_left = 0
        member.give_back()
        eventually(bench.all_is_committed)
    assert bench.echoes() == {"hello": 1}
    assert bench.counts() == {"hello": 1}


def test_the_lag_counts_what_waits_here_and_there() -> None:
    bench, began, released = Bench(partitions=1), Event(), Event()

    def hang(words: list[str]) -> None:
        began.set()
        released.wait(20)

    bench.write(*MANY)
    with running(bench.loop(Echoing(hang), max_batch_records=1, max_buffered_records=10)):
        assert began.wait(5)
        eventually(lambda: bench.metrics.report("none").lag == {"words/0": len(MANY)})
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
    assert line["record"] == "words-0-0.words"
    assert line["error"] == "RecordRejected"
    assert line["trace"] == "0af7651916cd43dd8448eb211c80319c"
