"""Letters that are to go are gone, all others stay, and a death in between loses none."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from tests.stack.processes import eventually
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.topics import (
    Deletion,
    delete_letters,
    keep_letters_for,
    plan_deletions,
)
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.messages import Question
from textwire.wire.record import OutgoingRecord, Partition, Record
from textwire.wire.topic import DAY_MS, DEAD_LETTER_CONFIG, DEAD_LETTER_DAYS, Topic

PLACE = Partition("t.dead", 0)
KEYS = st.lists(st.sampled_from([b"goes", b"a", b"b", None]), max_size=12)


def goes(letter: Record) -> bool:
    return letter.key == b"goes"


def letters(keys: list[bytes | None], gap: int = 1) -> list[Record]:
    return [Record(PLACE, number * gap, key, b"%d" % number) for number, key in enumerate(keys)]


@given(keys=KEYS, gap=st.integers(1, 3))
def test_what_goes_is_gone_and_the_rest_stays_once(keys: list[bytes | None], gap: int) -> None:
    before = letters(keys, gap)
    plan = plan_deletions(before, goes).get(PLACE, Deletion())
    again = [letter for letter in before if letter.offset < plan.up_to and not goes(letter)]
    after = [letter for letter in before if letter.offset >= plan.up_to] + again
    staying = {letter.value for letter in before if not goes(letter)}
    assert plan.letters == len(before) - len(staying)
    assert plan.moved == len(again)
    assert len(after) == len(staying)
    assert {letter.value for letter in after} == staying


def test_nothing_is_moved_where_all_that_goes_stands_first() -> None:
    plans = plan_deletions(letters([b"goes", b"goes", b"a"]), goes)
    assert plans == {PLACE: Deletion(letters=2, up_to=2, moved=0)}


def test_letters_between_others_are_deleted_and_those_stay_as_they_are(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([Topic(unique_name, Question, key=str)], settings)
    name = f"{unique_name}.dead"
    headers = {"tw_reason": b"not JSON", "own": b"\xff"}
    with closing(Sender("test", settings)) as sender:
        keys = (b"a", b"goes", b"b", b"goes", b"c")
        sender.write([OutgoingRecord(name, key, b"value " + key, headers) for key in keys])
    before = list(read_to_end(name, settings))
    plans = plan_deletions(before, goes)
    delete_letters(name, plans, goes, settings)
    after = list(read_to_end(name, settings))
    assert [(letter.offset, letter.key) for letter in after] == [(4, b"c"), (5, b"a"), (6, b"b")]
    assert [as_written(letter) for letter in after] == [as_written(before[n]) for n in (4, 0, 2)]


def test_letters_are_kept_for_the_days_that_are_set(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers, dead_letter_days=3)
    topic = Topic(unique_name, Question, key=str)
    create_topics([topic], settings)
    assert eventually(lambda: kept_ms(topic, bootstrap_servers) == 3 * DAY_MS)
    keep_letters_for(90, [topic], settings)
    assert eventually(lambda: kept_ms(topic, bootstrap_servers) == 90 * DAY_MS)


def test_unless_set_they_are_kept_as_documented() -> None:
    assert KafkaSettings().dead_letter_days == DEAD_LETTER_DAYS
    assert DEAD_LETTER_CONFIG["retention.ms"] == str(DEAD_LETTER_DAYS * DAY_MS)


def test_a_letter_that_is_written_again_is_no_younger(
    bootstrap_servers: str, unique_name: str
) -> None:
    settings = KafkaSettings(bootstrap_servers=bootstrap_servers)
    create_topics([Topic(unique_name, Question, key=str)], settings)
    then_ms = int(datetime(2026, 1, 2, tzinfo=UTC).timestamp() * 1000)
    with closing(Sender("test", settings)) as sender:
        sender.write_again([Record(Partition(unique_name, 2), 7, None, b"v", {}, then_ms)])
    [record] = read_to_end(unique_name, settings)
    assert (record.timestamp_ms, record.partition.number) == (then_ms, 2)


def as_written(letter: Record) -> Record:
    """But for its place."""
    return replace(letter, offset=0)


def kept_ms(topic: Topic, bootstrap_servers: str) -> int:
    """As the broker says, which hears of a change a moment after its controller made it."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap_servers)
    try:
        told = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic.dead)])
    finally:
        admin.close()
    return int(told["topic"][topic.dead].get("retention.ms", {}).get("value", -1))
