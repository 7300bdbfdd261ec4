from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import msgspec
import pytest
from kafka.structs import OffsetAndMetadata, TopicPartition

from tests.cli.conftest import Command
from tests.places import at
from textwire.cli._erasing import erase_published
from textwire.errors import RecordRejected
from textwire.results.redis import RedisResults
from textwire.results.writes import Fence
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.dead_letters.letters import dead_letter
from textwire.stream.kafka.connecting import connect_consumer, create_topics
from textwire.stream.kafka.lookup import KafkaLookup
from textwire.stream.loop.outbox import Outbox, outbox_key
from textwire.stream.loop.outcome import Outcome
from textwire.support_qa.desk_results import handoff_writes, read_handoff, read_queue
from textwire.support_qa.feedback_results import (
    judged,
    judged_writes,
    read_feedback,
    read_judged,
)
from textwire.support_qa.messages import Answer, Feedback, Handoff, Question
from textwire.support_qa.results import answer_writes, read_answer
from textwire.support_qa.topics import SUPPORT_QUESTIONS
from textwire.wire.record import OutgoingRecord, Partition, Record
from textwire.wire.topic import Topic

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def session(
    redis_url: str, unique_name: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, RedisResults]]:
    """A session of one question, in the real Redis."""
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", redis_url)
    store = RedisResults.from_url(redis_url)
    question = Question(session_id=unique_name, text="where\x1b[2J is it?", id="q1", asked_at=AT)
    answer = Answer(
        question_id="q1",
        session_id=unique_name,
        outcome="answered",
        text="There.",
        confidence=0.9,
        sources=(),
        model="v1",
        answered_at=AT,
    )
    store.write(answer_writes(question, answer))
    yield unique_name, store
    store.close()


def test_a_conversation_is_shown_safely(
    offline: Command, session: tuple[str, RedisResults]
) -> None:
    shown = offline("support", "conversation", session[0])
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.splitlines() == [
        "2026-03-02 09:30:00 customer where\\x1b[2J is it?",
        "2026-03-02 09:30:00 bot      There.",
    ]


def test_a_session_is_forgotten_and_what_remains_is_said(
    textwire: Command, session: tuple[str, RedisResults]
) -> None:
    name, store = session
    told = textwire("support", "forget", name)
    assert told.exit_code == 0, told.output
    assert f"Erased the turns, answers, handoff and feedback of {name} from Redis" in told.stdout
    assert "support.questions 7 days, support.replies 30 days" in told.stdout
    assert read_answer(store, name, "q1") is None
    assert f"Nothing is remembered of {name}" in textwire("support", "conversation", name).stdout
    assert f"Nothing is remembered of {name}.\n" in textwire("support", "forget", name).stdout


def test_a_handoff_and_what_was_thought_of_answers_are_forgotten(
    textwire: Command, session: tuple[str, RedisResults]
) -> None:
    name, store = session
    for one in (name, f"{name}-other"):
        handoff = Handoff(
            id=one,
            session_id=one,
            question_id="q1",
            reason="customer_asked",
            conversation=(),
            candidates=(),
        )
        feedback = Feedback(session_id=one, question_id="q1", kind="unhelpful", text="No.")
        store.write(handoff_writes(handoff))
        store.write(judged_writes(judged(feedback, "where is it?", (), AT), None))
    textwire("support", "forget", name)
    assert (read_handoff(store, name), read_feedback(store, name, "q1")) == (None, {})
    assert name not in read_queue(store)
    assert f"{name}-other" in read_queue(store)
    sessions = [one.session_id for one in read_judged(store)]
    assert name not in sessions
    assert f"{name}-other" in sessions


def test_dead_letters_of_a_session_go_with_it_and_others_stay(
    textwire: Command, session: tuple[str, RedisResults]
) -> None:
    name, _ = session
    keyless = msgspec.json.encode({"session_id": name, "text": 7})
    for key, value in ((name, b"{"), ("another", b"{"), (None, keyless)):
        record = Record(
            Partition(SUPPORT_QUESTIONS.name, 0), 1, key.encode() if key else None, value
        )
        with closing(Sender("test")) as sender:
            sender.write([dead_letter(record, RecordRejected("no"), "support-qa", AT)])
    told = textwire("support", "forget", name)
    assert f"Deleted 2 dead letters of {name}." in told.stdout
    left = list(read_to_end(SUPPORT_QUESTIONS.dead))
    assert b"another" in [letter.key for letter in left]
    assert name.encode() not in [letter.key for letter in left]
    assert keyless not in [letter.value for letter in left]


def test_what_is_published_is_let_go_of_and_what_is_not_is_told(
    textwire: Command, session: tuple[str, RedisResults], unique_name: str
) -> None:
    name, store = session
    topic = Topic(unique_name, Question, key=lambda question: question.session_id, partitions=1)
    create_topics([topic])
    with closing(KafkaLookup()) as lookup:
        topic_id = lookup.topic_ids([unique_name])[unique_name]
    fence = Fence(unique_name, unique_name, 0, topic_id)
    messages = (OutgoingRecord("support.answers", name.encode(), b"{}"),)
    place = Partition(unique_name, 0)
    done = [
        Outcome(Record(place, offset, b"k", b"", leader_epoch=1), messages, ())
        for offset in range(5)
    ]
    store.apply(fence, Outbox(store).with_messages(fence, done, None))
    commit(unique_name, place, 3)
    assert erase_published(store, name, {unique_name: (topic,)}) == 2
    assert list(store.entries(outbox_key(fence))) == [at(3), at(4)]
    assert Outbox(store).read(fence, map(at, range(5))).keys() == {at(3), at(4)}
    commit(unique_name, place, 5)
    assert erase_published(store, name, {unique_name: (topic,)}) == 0
    assert store.entries(outbox_key(fence)) == {}


def commit(group: str, place: Partition, offset: int) -> None:
    consumer = connect_consumer(None, group_id=group, enable_auto_commit=False)
    consumer.assign([TopicPartition(*place)])
    consumer.commit({TopicPartition(*place): OffsetAndMetadata(offset, "", -1)})
    consumer.close()
