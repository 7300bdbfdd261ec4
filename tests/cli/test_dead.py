from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests.cli.conftest import Command
from textwire.errors import RecordRejected
from textwire.results.redis import RedisResults
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.letters import WHOLE_VALUE_BYTES, dead_letter, smallest_letter
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.loop.skipping import read_skips
from textwire.support_qa.messages import Question
from textwire.wire.record import OutgoingRecord, Partition, Record
from textwire.wire.topic import Topic

VALUE = b'\xff{"half":\x1b[2J'


@pytest.fixture
def topic(textwire: Command, unique_name: str) -> str:
    """A topic of this test's own, with two dead letters."""
    create_topics([Topic(unique_name, Question, key=lambda question: question.session_id)])
    own_headers = {"traceparent": b"00-1", "ce_id": b"7"}
    records = [
        Record(Partition(unique_name, 3), offset, b"key", VALUE, own_headers) for offset in (17, 18)
    ]
    error = RecordRejected("not JSON in UTF-8")
    at = datetime(2026, 1, 2, tzinfo=UTC)
    with closing(Sender("test")) as sender:
        sender.write([dead_letter(record, error, "support-qa", at) for record in records])
    return unique_name


def test_dead_letters_are_listed_with_reason_and_origin(textwire: Command, topic: str) -> None:
    listed = textwire("dead", "list", topic, "--json")
    letters = [msgspec.json.decode(line) for line in listed.stdout.splitlines()]
    assert len(letters) == 2
    assert letters[0] == {
        "topic": f"{topic}.dead",
        "offset": 0,
        "at": "2026-01-02T00:00:00+00:00",
        "reason": "not JSON in UTF-8",
        "error": "RecordRejected",
        "service": "support-qa",
        "came_from": f"{topic} 3/17",
        "key": "key",
        "bytes": len(VALUE),
        "replays": 0,
    }


def test_all_topics_are_listed_when_none_is_named(textwire: Command, topic: str) -> None:
    assert textwire("dead", "list").stdout.count(f"{topic} 3/1") == 2


def test_a_dead_letter_is_shown_safely(textwire: Command, topic: str) -> None:
    shown = textwire("dead", "show", f"{topic}.dead", "1")
    assert shown.exit_code == 0
    assert "reason: not JSON in UTF-8" in shown.stdout
    assert "header traceparent: 00-1" in shown.stdout
    assert '\\xff{"half":\\x1b[2J' in shown.stdout
    assert "\x1b" not in shown.stdout


def test_a_dead_letter_can_be_had_byte_for_byte(textwire: Command, topic: str) -> None:
    assert textwire("dead", "show", topic, "1", "--raw").stdout_bytes == VALUE


def test_a_replayed_record_is_as_it_first_came(textwire: Command, topic: str) -> None:
    replayed = textwire("dead", "replay", topic, "1")
    assert replayed.stdout == f"Sent 1 back to {topic}.\n"
    [record] = read_to_end(topic)
    assert (record.key, record.value) == (b"key", VALUE)
    assert record.headers == {"traceparent": b"00-1", "ce_id": b"7", "tw_replays": b"1"}


def test_all_are_replayed_when_no_offset_is_named(textwire: Command, topic: str) -> None:
    assert textwire("dead", "replay", topic).stdout == f"Sent 2 back to {topic}.\n"
    assert len(list(read_to_end(topic))) == 2


def test_replays_are_counted_on(textwire: Command, topic: str) -> None:
    textwire("dead", "replay", topic, "0")
    [again] = read_to_end(topic)
    with closing(Sender("test")) as sender:
        sender.write([dead_letter(again, RecordRejected("still"), "s", datetime.now(UTC))])
    textwire("dead", "replay", topic, "2")
    assert [record.headers["tw_replays"] for record in read_to_end(topic)] == [b"1", b"2"]


def test_an_offset_without_a_dead_letter_replays_nothing(textwire: Command, topic: str) -> None:
    replayed = textwire("dead", "replay", topic, "0", "9")
    assert replayed.exit_code == 1
    assert f"{topic}.dead has no dead letter at offset 9." in replayed.stderr
    assert list(read_to_end(topic)) == []


def test_a_topic_without_dead_letters_says_so(textwire: Command, unique_name: str) -> None:
    create_topics([Topic(unique_name, Question, key=lambda question: question.session_id)])
    assert textwire("dead", "list", unique_name).stdout == "There are no dead letters.\n"
    assert "no dead letters" in textwire("dead", "replay", unique_name).stdout


def test_an_unknown_topic_is_told(textwire: Command) -> None:
    listed = textwire("dead", "list", "nowhere")
    assert listed.exit_code == 1
    assert "There is no topic nowhere.dead." in listed.stderr


def test_a_record_of_neither_key_nor_value_can_be_a_dead_letter(
    textwire: Command, unique_name: str
) -> None:
    create_topics([Topic(unique_name, Question, key=lambda question: question.session_id)])
    nothing = Record(Partition(unique_name, 0), 0, None, None)
    with closing(Sender("test")) as sender:
        sender.write([dead_letter(nothing, RecordRejected("empty"), "s", datetime.now(UTC))])
    assert "empty" in textwire("dead", "list", unique_name).stdout
    assert textwire("dead", "replay", unique_name, "0").exit_code == 0


def die(topic: str, key: bytes, at: datetime) -> None:
    record = Record(Partition(topic, 0), 1, key, VALUE)
    with closing(Sender("test")) as sender:
        sender.write([dead_letter(record, RecordRejected("not JSON"), "support-qa", at)])


def keys_left(topic: str) -> list[bytes | None]:
    return [letter.key for letter in read_to_end(f"{topic}.dead")]


def test_purged_letters_are_gone_for_good(textwire: Command, topic: str) -> None:
    purged = textwire("dead", "purge", topic, "--yes")
    assert purged.stdout == f"Deleted 2 of {topic}.dead.\n"
    assert keys_left(topic) == []
    assert textwire("dead", "list", topic).stdout == "There are no dead letters.\n"
    assert textwire("dead", "purge", topic).stdout == "There are no such dead letters.\n"


def test_nothing_is_purged_unless_it_is_confirmed(textwire: Command, topic: str) -> None:
    asked = textwire("dead", "purge", topic, stdin="n\n")
    assert asked.exit_code == 1
    assert f"Delete 2 of {topic}.dead for good? [y/N]" in asked.stdout
    assert len(keys_left(topic)) == 2
    assert textwire("dead", "purge", topic, stdin="y\n").exit_code == 0
    assert keys_left(topic) == []


def test_those_of_one_key_are_purged_and_the_others_stay(textwire: Command, topic: str) -> None:
    for key in (b"ann", b"bob", b"ann"):
        die(topic, key, datetime.now(UTC))
    purged = textwire("dead", "purge", topic, "--key", "ann", "--yes")
    assert purged.stdout.startswith(f"Deleted 2 of {topic}.dead. 3 that stay were written again")
    assert sorted(map(bytes, keys_left(topic))) == [b"bob", b"key", b"key"]


def test_those_that_are_older_are_purged_and_keep_their_age_when_written_again(
    textwire: Command, topic: str
) -> None:
    day = timedelta(days=1)
    die(topic, b"new", datetime.now(UTC))
    die(topic, b"old", datetime.now(UTC) - 9 * day)
    die(topic, b"between", datetime.now(UTC) - 3 * day)
    assert textwire("dead", "purge", topic, "--older-than", "7", "--yes").exit_code == 0
    assert keys_left(topic) == [b"between", b"new"]  # the fixture's two are months old
    assert textwire("dead", "purge", topic, "--older-than", "2", "--yes").exit_code == 0
    assert keys_left(topic) == [b"new"]


def test_all_topics_are_purged_when_none_is_named(textwire: Command, topic: str) -> None:
    purged = textwire("dead", "purge", "--key", topic, "--yes")
    assert purged.stdout == "There are no such dead letters.\n"
    die(topic, topic.encode(), datetime.now(UTC))
    purged = textwire("dead", "purge", "--key", topic, "--yes")
    assert purged.stdout.startswith(f"Deleted 1 of {topic}.dead.")
    assert len(keys_left(topic)) == 2


def test_a_record_is_passed_over_on_order_and_no_more_when_that_is_taken_back(
    textwire: Command, topic: str, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    with closing(Sender("test")) as sender:
        sender.write([OutgoingRecord(topic, b"s1", b"deadly")])
    (record,) = read_to_end(topic)
    place = [topic, str(record.partition.number), "0"]
    told = textwire("dead", "skip", *place, "--reason", "it kills the service")
    assert told.stdout.strip() == f"{topic} {place[1]}/0 will be passed over: 6 bytes, key s1."
    with closing(RedisResults.from_url(redis_url)) as results:
        (order,) = read_skips(results, topic).values()
        assert order.reason == "it kills the service"
        textwire("dead", "skip", *place, "--undo")
        assert read_skips(results, topic) == {}


def test_a_record_that_is_not_there_cannot_be_passed_over(textwire: Command, topic: str) -> None:
    failed = textwire("dead", "skip", topic, "0", "99")
    assert failed.exit_code == 1
    assert f"There is no record in {topic} at 0/99" in failed.stderr


def test_a_letter_that_holds_a_part_is_replayed_from_where_its_record_stands(
    textwire: Command, topic: str
) -> None:
    large = b"x" * (WHOLE_VALUE_BYTES + 1)
    with closing(Sender("test")) as sender:
        sender.write([OutgoingRecord(topic, b"s1", large, {"theirs": b"kept"})])
        (record,) = read_to_end(topic)
        error = RecordRejected("too large")
        sender.write([dead_letter(record, error, "support-qa", datetime.now(UTC))])
    assert f'"bytes":{len(large)}' in textwire("dead", "list", topic, "--json").stdout
    textwire("dead", "replay", topic, "2")
    first, again = read_to_end(topic)
    assert again.value == first.value == large
    assert again.headers["theirs"] == b"kept"
    assert again.headers["tw_replays"] == b"1"


def test_a_part_whose_record_is_kept_no_more_is_not_replayed(textwire: Command, topic: str) -> None:
    gone = Record(Partition(topic, 0), 5, b"key", b"x" * (WHOLE_VALUE_BYTES + 1))
    with closing(Sender("test")) as sender:
        letter = dead_letter(gone, RecordRejected("too large"), "support-qa", datetime.now(UTC))
        sender.write([letter])
    failed = textwire("dead", "replay", topic, "2")
    assert failed.exit_code == 1
    assert "does not keep that any more" in failed.stderr
    assert list(read_to_end(topic)) == []


def test_what_stands_where_a_log_was_cut_off_is_not_replayed_for_what_stood_there(
    textwire: Command, topic: str
) -> None:
    with closing(Sender("test")) as sender:
        sender.write([OutgoingRecord(topic, b"s1", b"another")])
        (now_there,) = read_to_end(topic)
        cut_off = replace(now_there, leader_epoch=now_there.leader_epoch + 1)
        error = RecordRejected("too large")
        sender.write([smallest_letter(cut_off, error, "support-qa", datetime.now(UTC))])
    failed = textwire("dead", "replay", topic, "2")
    assert failed.exit_code == 1
    assert "does not keep that any more" in failed.stderr
    assert list(read_to_end(topic)) == [now_there]
