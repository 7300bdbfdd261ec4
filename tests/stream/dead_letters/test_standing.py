"""What stands on the topics of dead letters is counted, not guessed from offsets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import kafka
import pytest

from tests.stream.loops import eventually
from textwire.settings import KafkaSettings
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.standing import StandingLetters
from textwire.stream.dead_letters.topics import delete_letters, plan_deletions
from textwire.stream.kafka.connecting import create_topics
from textwire.support_qa.messages import Question
from textwire.wire.record import OutgoingRecord, Record
from textwire.wire.topic import Topic


@pytest.fixture
def settings(bootstrap_servers: str) -> KafkaSettings:
    return KafkaSettings(bootstrap_servers=bootstrap_servers)


@pytest.fixture
def dead(settings: KafkaSettings, unique_name: str) -> str:
    """A topic of this test's own for dead letters."""
    topic = Topic(unique_name, Question, key=str)
    create_topics([topic], settings)
    return topic.dead


@pytest.fixture
def letters(settings: KafkaSettings, dead: str) -> Iterator[StandingLetters]:
    with closing(StandingLetters([dead, "never.made.dead"], settings)) as counting:
        yield counting


def in_transaction(dead: str, settings: KafkaSettings, count: int, *, commit: bool = True) -> None:
    """Letters as services write them."""
    producer = kafka.KafkaProducer(
        bootstrap_servers=settings.bootstrap_servers, transactional_id=f"{dead}-producer"
    )
    with closing(producer):
        producer.init_transactions()
        producer.begin_transaction()
        for _ in range(count):
            producer.send(dead, b"letter")
        producer.flush()
        producer.commit_transaction() if commit else producer.abort_transaction()


def test_letters_are_counted_without_the_marks_of_transactions(
    letters: StandingLetters, dead: str, settings: KafkaSettings
) -> None:
    eventually(lambda: letters.count() == {dead: 0})  # a new topic is known a moment later
    for _ in range(2):
        in_transaction(dead, settings, 2)
    in_transaction(dead, settings, 5, commit=False)
    assert letters.count() == {dead: 4}
    in_transaction(dead, settings, 1)
    assert letters.count() == {dead: 5}


def test_who_counts_for_the_first_time_counts_what_others_left(
    letters: StandingLetters, dead: str, settings: KafkaSettings
) -> None:
    in_transaction(dead, settings, 3)
    letters.count()
    with closing(StandingLetters([dead], settings)) as restarted:
        assert restarted.count() == {dead: 3}


def test_purged_letters_stand_no_more(
    letters: StandingLetters, dead: str, settings: KafkaSettings
) -> None:
    with closing(Sender("test", settings)) as sender:
        sender.write([OutgoingRecord(dead, key, b"v") for key in (b"stays", b"goes", b"stays")])
    assert letters.count() == {dead: 3}

    def goes(letter: Record) -> bool:
        return letter.key == b"goes"

    delete_letters(dead, plan_deletions(read_to_end(dead, settings), goes), goes, settings)
    assert letters.count() == {dead: 2}


def test_where_very_many_came_they_are_at_most_so_many(dead: str, settings: KafkaSettings) -> None:
    for _ in range(3):
        in_transaction(dead, settings, 2)
    with closing(StandingLetters([dead], settings, counted_up_to=8)) as counting:
        assert counting.count() == {dead: 9}  # six letters, three marks
        in_transaction(dead, settings, 2)
        assert counting.count() == {dead: 11}


def test_a_topic_that_was_made_anew_is_counted_anew(
    letters: StandingLetters, dead: str, settings: KafkaSettings
) -> None:
    in_transaction(dead, settings, 3)
    assert letters.count() == {dead: 3}
    admin = kafka.KafkaAdminClient(bootstrap_servers=settings.bootstrap_servers)
    with closing(admin):
        admin.delete_topics([dead])
    create_topics([Topic(dead.removesuffix(".dead"), Question, key=str)], settings)
    with closing(Sender("test", settings)) as sender:
        sender.write([OutgoingRecord(dead, None, b"v")])
    assert letters.count() == {dead: 1}
