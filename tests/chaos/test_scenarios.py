from __future__ import annotations

from collections import Counter
from itertools import islice
from random import Random

import pytest

from tests.chaos.bad_records import BAD, ODD, SIZES_OF_GOOD, TOO_LARGE, Mixture, good_of_size
from tests.chaos.faults.brokers import KillAllBrokers, KillBroker
from tests.chaos.faults.processes import FreezeReplica, KillReplica
from tests.chaos.faults.stores import KillRedis
from tests.chaos.load import questions
from tests.chaos.scenario import SESSION_TIMEOUT_S, Scenario
from tests.chaos.scenarios import ALL
from tests.chaos.subjects.echo import TOPICS
from textwire.errors import RecordRejected
from textwire.settings import StreamSettings
from textwire.stream.decoding import Decoder
from textwire.wire.record import Partition, Record


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: scenario.name)
def test_a_seed_gives_one_schedule(scenario: Scenario) -> None:
    assert scenario.faults(7, quick=False) == scenario.faults(7, quick=False)


def test_another_seed_gives_another_schedule() -> None:
    assert [s.faults(1, quick=False) for s in ALL] != [s.faults(2, quick=False) for s in ALL]


def test_there_are_as_many_kills_and_freezes_as_promised() -> None:
    kinds = Counter(type(fault) for scenario in ALL for fault in scenario.faults(1, quick=False))

    assert kinds[KillReplica] >= 200
    assert kinds[KillBroker] + 3 * kinds[KillAllBrokers] + kinds[KillRedis] >= 40
    assert kinds[FreezeReplica] >= 60


def test_every_freeze_outlasts_the_session() -> None:
    freezes = [
        fault
        for scenario in ALL
        for fault in scenario.faults(1, quick=False)
        if isinstance(fault, FreezeReplica)
    ]
    assert all(freeze.frozen_s > SESSION_TIMEOUT_S for freeze in freezes)


def test_a_seed_gives_one_load_with_the_shares_of_its_mixture() -> None:
    mixture = Mixture(bad=0.2, odd=0.1, too_large=0.0)
    once, again = (list(islice(questions("t", Random(3), mixture), 2_000)) for _ in range(2))

    assert once == again
    share = sum(one.expected == "dead letter" for one in once) / len(once)
    assert 0.15 < share < 0.25


@pytest.mark.parametrize("size", SIZES_OF_GOOD)
def test_a_record_is_of_exactly_its_size(size: int) -> None:
    assert len(good_of_size(size)("q1", "s1").value or b"") == size


def decode(name: str, make: object) -> None:
    record = make("q1", "s1")  # type: ignore[operator]
    decoder = Decoder((TOPICS.questions,), StreamSettings().max_record_bytes)
    place = Partition(TOPICS.questions.name, 0)
    decoder.decode(Record(place, 0, record.key, record.value, {}, record.timestamp_ms or 0))


@pytest.mark.parametrize("name", [name for name in (*BAD, *TOO_LARGE) if "model" not in name])
def test_what_is_bad_is_refused_and_not_by_chance(name: str) -> None:
    with pytest.raises(RecordRejected):
        decode(name, (BAD | TOO_LARGE)[name])


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_is_read(name: str) -> None:
    decode(name, ODD[name])
