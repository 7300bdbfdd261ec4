from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.stream.loops import Bench, Echoing
from tests.stream.made import FIRST, SECOND, record
from textwire.errors import RedisUnavailable
from textwire.results.memory import MemoryResults
from textwire.results.writes import SetField
from textwire.stream.loop.skipping import (
    SkipOrder,
    Skips,
    order_for,
    read_skips,
    skip_writes,
    skips_key,
)

ORDER = SkipOrder(datetime(2026, 1, 2, tzinfo=UTC), "it kills the service")


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_only_the_record_at_its_place_is_passed_over() -> None:
    store = MemoryResults()
    store.write(skip_writes(FIRST, 7, ORDER))
    skips = Skips(store, ["words", "others"])
    skips.look()
    assert record(7) in skips
    assert record(6) not in skips
    assert record(7, SECOND) not in skips


def test_another_record_that_comes_to_its_place_is_not_passed_over() -> None:
    """As after a log was cut off, or a topic made anew."""
    meant = replace(record(7, epoch=4), topic_id="first")
    store = MemoryResults()
    store.write(skip_writes(FIRST, 7, order_for(meant, ORDER.at, ORDER.reason)))
    skips = Skips(store, ["words"])
    skips.look()
    assert meant in skips
    assert replace(meant, leader_epoch=5) not in skips
    assert replace(meant, topic_id="second") not in skips


def test_an_order_can_be_taken_back() -> None:
    store = MemoryResults()
    store.write([*skip_writes(FIRST, 7, ORDER), *skip_writes(FIRST, 8, ORDER)])
    store.write(skip_writes(FIRST, 7, None))
    assert read_skips(store, "words") == {(FIRST, 8): ORDER}


def test_a_running_service_hears_of_an_order_within_a_second_and_asks_no_more_often() -> None:
    store, clock = MemoryResults(), Clock()
    skips = Skips(store, ["words"], clock)
    skips.look()
    store.write(skip_writes(FIRST, 7, ORDER))
    clock.now = 0.9
    skips.look()
    assert record(7) not in skips
    clock.now = 1.1
    skips.look()
    assert record(7) in skips


def test_while_the_store_is_away_what_is_known_stands() -> None:
    class Away(MemoryResults):
        away = False

        def fields(self, key: str) -> dict[str, bytes]:
            if self.away:
                raise RedisUnavailable("away")
            return super().fields(key)

    store, clock = Away(), Clock()
    store.write(skip_writes(FIRST, 7, ORDER))
    skips = Skips(store, ["words"], clock)
    skips.look()
    store.away, clock.now = True, 5.0
    with pytest.raises(RedisUnavailable):
        skips.look()
    assert record(7) in skips


def test_what_is_no_order_is_passed_over() -> None:
    store = MemoryResults()
    store.write(
        [
            SetField(skips_key("words"), "nonsense", b"{}"),
            SetField(skips_key("words"), "0/7", b"no order"),
            SetField(skips_key("words"), f"0/{'9' * 5_000}", b'{"at":"2026-01-02T00:00:00Z"}'),
            SetField(skips_key("words"), "-1/x", b'{"at":"2026-01-02T00:00:00Z"}'),
        ]
    )
    assert read_skips(store, "words") == {}


def test_a_record_that_kills_its_service_is_never_handed_to_it_once_it_is_to_be_passed_over() -> (
    None
):
    bench, processor = Bench(partitions=1), Echoing()
    bench.write("good", "deadly", "better")
    bench.results.write(skip_writes(FIRST, 1, ORDER))
    bench.work_off(bench.loop(processor))
    assert processor.batches == [["good", "better"]]
    assert bench.echoes() == {"good": 1, "better": 1}
    (letter,) = bench.dead()
    assert letter.headers["tw_error"] == b"RecordSkipped"
    assert letter.headers["tw_source_offset"] == b"1"
