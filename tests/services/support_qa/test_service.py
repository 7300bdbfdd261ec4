"""Support QA on the real Kafka and Redis, with an encoder that needs no model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread

import msgspec
import pytest

from services.support_qa.bot_words import read_words
from services.support_qa.config import SupportQaSettings
from services.support_qa.handovers.desk import SupportDesk
from services.support_qa.knowledge.snapshot import Knowledge
from services.support_qa.processor import SupportQa
from tests.encoders import HashingEncoder
from tests.services.support_qa.acts import ByBeginning
from tests.services.support_qa.snapshots import PASSAGES, artifact
from textwire.language import load_language_model
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.settings import KafkaSettings, StreamSettings
from textwire.stack.servers import EmbeddedServers, embedded_servers
from textwire.stream.clients.reading import read_to_end
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.running import make_loop
from textwire.stream.tables.topic_table import TopicTable
from textwire.support_qa.desk_results import read_handoff
from textwire.support_qa.messages import AgentReply, Answer, Handoff, Passage, Question
from textwire.support_qa.results import read_answer, read_turns
from textwire.support_qa.topics import (
    SUPPORT_ANSWERS,
    SUPPORT_HANDOFFS,
    SUPPORT_KNOWLEDGE,
    SUPPORT_QUESTIONS,
    SUPPORT_REPLIES,
)
from textwire.wire.registry import TOPICS

ANSWERED_WITHIN_S = 20.0
# A new broker makes the topics that it keeps groups and transactions in when the first replica
# joins: seconds, on a busy machine many.
FIRST_ANSWERED_WITHIN_S = 100.0


class Bank:
    """What a customer and an editor can do, and what they see."""

    def __init__(self, kafka: KafkaSettings, results: RedisResults, name: str) -> None:
        self.kafka, self.results, self.name = kafka, results, name
        self.sender = Sender("test", kafka)
        self.asked = 0

    def know(self, *passages: Passage) -> None:
        self.sender.send_all(SUPPORT_KNOWLEDGE, list(passages))

    def ask(self, text: str, session: str | None = None) -> str:
        self.asked += 1
        id_ = f"{self.name}-{self.asked}"
        question = Question(id=id_, session_id=session or id_, text=text)
        self.sender.send(SUPPORT_QUESTIONS, question)
        return id_

    def reply(self, text: str, *, closes: bool = False) -> None:
        reply = AgentReply(
            session_id=self.name, handoff_id=self.handoff().id, agent="Maria", text=text,
            closes=closes,
        )  # fmt: skip
        self.sender.send(SUPPORT_REPLIES, reply)

    def told_of(self) -> list[Handoff]:
        """What a desk of another maker knows: all that was published of this conversation."""
        records = read_to_end(SUPPORT_HANDOFFS.name, self.kafka)
        told = (msgspec.json.decode(record.value, type=Handoff) for record in records)
        return [one for one in told if one.session_id == self.name]

    def handoff(self) -> Handoff:
        handoff = read_handoff(self.results, self.name)
        assert handoff is not None
        return handoff

    def answer(
        self, text: str, session: str | None = None, within_s: float = ANSWERED_WITHIN_S
    ) -> Answer:
        id_ = self.ask(text, session)
        return until(lambda: read_answer(self.results, session or id_, id_), within_s)

    def close(self) -> None:
        self.sender.close()
        self.results.close()


def until(found: Callable[[], Answer | bool | None], within_s: float) -> Answer:
    ends_at = time.monotonic() + within_s
    while time.monotonic() < ends_at:
        if value := found():
            return value
        time.sleep(0.005)
    raise TimeoutError(f"not within {within_s} s")


class Replica:
    """The service as `service.py` wires it, but for the model."""

    def __init__(self, bank: Bank, number: int) -> None:
        self.encoders: list[HashingEncoder] = []
        self.knowledge = Knowledge(artifact(bank.name), self.load, vectors=bank.results)
        metrics = ServiceMetrics("support-qa", number, Health())
        self.table = TopicTable(
            SUPPORT_KNOWLEDGE, self.knowledge.apply, SupportQa.name, metrics, bank.kafka
        )
        processor = SupportQa(
            self.knowledge,
            ByBeginning(),
            read_words(),
            bank.results,
            lambda: datetime.now(UTC),
            SupportQaSettings(),
            self.table.caught_up,
        )
        self.loop = make_loop(
            processor, bank.results, metrics, StreamSettings(), number, bank.kafka
        )

    def load(self, model) -> HashingEncoder:
        self.encoders.append(HashingEncoder(model.manifest.version))
        return self.encoders[-1]

    @contextmanager
    def running(self) -> Iterator[Replica]:
        thread = Thread(target=self.loop.run)
        self.table.start()
        thread.start()
        try:
            yield self
        finally:
            self.loop.stop()
            thread.join()
            self.table.stop()


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServers]:
    """Of its own: elsewhere thousands of other tests' questions wait for whoever joins first."""
    load_language_model()  # as the service does
    with embedded_servers(tmp_path_factory.mktemp("support-qa")) as running:
        first = new_bank(running, "first")
        first.know(*PASSAGES)
        with Replica(first, 0).running():
            first.answer("card", within_s=FIRST_ANSWERED_WITHIN_S)
        first.close()
        yield running


@pytest.fixture
def bank(servers: EmbeddedServers, unique_name: str) -> Iterator[Bank]:
    bank = new_bank(servers, unique_name)
    yield bank
    bank.close()


def new_bank(servers: EmbeddedServers, name: str) -> Bank:
    kafka = KafkaSettings(bootstrap_servers=servers.bootstrap_servers)
    create_topics(TOPICS.values(), kafka)
    return Bank(kafka, RedisResults.from_url(servers.redis_url), name)


def test_a_colleague_takes_over_and_the_bot_goes_on_after_them(bank) -> None:
    metrics = ServiceMetrics("support-desk", 0, Health())
    desk = SupportDesk(bank.results, read_words(), lambda: datetime.now(UTC), kept_s=3_600)
    loop = make_loop(desk, bank.results, metrics, StreamSettings(), 0, bank.kafka)
    thread = Thread(target=loop.run)
    bank.know(*PASSAGES)
    with Replica(bank, 0).running():
        thread.start()
        try:
            bank.answer("I want to talk to a human", bank.name)
            # The bot stores what it says before it publishes it, so who reads it in Redis may be
            # faster than the stream.
            until(lambda: bool(bank.told_of()), ANSWERED_WITHIN_S)
            bank.reply("Good day.")
            until(lambda: bank.handoff().state == "taken", ANSWERED_WITHIN_S)
            quiet = bank.answer("how do i order a physical card", bank.name)
            bank.reply("Bye.", closes=True)
            until(lambda: bank.handoff().state == "closed", ANSWERED_WITHIN_S)
            answered = bank.answer("how do i order a physical card", bank.name)
        finally:
            loop.stop()
            thread.join()
    assert (quiet.outcome, quiet.text) == ("waiting", "")
    assert answered.outcome == "answered"
    answers = read_to_end(SUPPORT_ANSWERS.name, bank.kafka)
    sent = [msgspec.json.decode(record.value, type=Answer) for record in answers]
    told = [(one.outcome, one.agent) for one in sent if one.session_id == bank.name]
    # Bot and desk publish for themselves: what one of them says is in order, not both together.
    by_desk = [("replied", "Maria"), ("replied", "Maria"), ("acknowledged", None)]
    assert [one for one in told if one in by_desk] == by_desk
    assert [one for one in told if one not in by_desk] == [
        ("handed_over", None),
        ("waiting", None),
        ("answered", None),
    ]
    assert [one.state for one in bank.told_of()] == ["open", "taken", "closed"]


def test_a_question_is_answered_from_the_topic_of_knowledge_and_a_follow_up_after_it(bank) -> None:
    bank.know(*PASSAGES)
    with Replica(bank, 0).running():
        first = bank.answer("how do i order a physical card", bank.name)
        then = bank.answer("and how many working days?", bank.name)
        last = bank.answer("I want to talk to a human", bank.name)
    assert (first.outcome, first.sources[0].passage_id) == ("answered", "card-order")
    assert then.sources[0].passage_id == "card-order"
    assert (last.outcome, last.handoff_reason) == ("handed_over", "customer_asked")


def test_a_question_that_cannot_be_served_is_answered_beside_its_dead_letter(bank) -> None:
    bank.know(*PASSAGES)
    session = bank.name
    too_long = Question(id="long", session_id=session, text="x" * 9_343)
    with Replica(bank, 0).running():
        bank.sender.send(SUPPORT_QUESTIONS, too_long)
        refused = until(lambda: read_answer(bank.results, session, "long"), ANSWERED_WITHIN_S)
        served = bank.answer("how do i freeze my lost card", session)
    assert refused.outcome == "refused"
    assert "Please send a shorter one." in refused.text
    assert served.outcome == "answered"
    assert [turn.refused for turn in read_turns(bank.results, session)] == [
        True,
        True,
        False,
        False,
    ]
    assert [record.key for record in read_to_end(SUPPORT_QUESTIONS.dead, bank.kafka)] == [
        session.encode()
    ]
    answers = read_to_end(SUPPORT_ANSWERS.name, bank.kafka)
    said = [msgspec.json.decode(record.value, type=Answer) for record in answers]
    assert [answer for answer in said if answer.session_id == session] == [refused, served]


def test_knowledge_that_comes_while_it_runs_is_live_and_what_is_deleted_gone(bank) -> None:
    word = bank.name.replace("-", "")
    bank.know(*PASSAGES)
    with Replica(bank, 0).running() as replica:
        bank.answer("card")
        bank.know(Passage(id=word, text=f"{word} is the mascot"))
        until(lambda: word in replica.knowledge.snapshot.index.by_id, ANSWERED_WITHIN_S)
        assert bank.answer(f"{word} mascot").sources[0].passage_id == word
        bank.sender.delete(SUPPORT_KNOWLEDGE, [word])
        until(lambda: word not in replica.knowledge.snapshot.index.by_id, ANSWERED_WITHIN_S)
        assert word not in {s.passage_id for s in bank.answer(f"{word} mascot").sources}


def test_a_fresh_replica_builds_the_same_index_and_embeds_nothing_again(bank) -> None:
    bank.know(*PASSAGES)
    with Replica(bank, 0).running() as first:
        bank.answer("card")
        known = dict(first.knowledge.snapshot.index.by_id)
    with Replica(bank, 0).running() as second:
        bank.answer("card")
        assert dict(second.knowledge.snapshot.index.by_id) == known
    assert second.encoders[0].encoded == ["card"]


def test_a_change_of_model_under_load_loses_and_doubles_nothing(bank) -> None:
    bank.know(*PASSAGES)
    with Replica(bank, 0).running() as replica:
        bank.answer("card")
        asked = []
        for number in range(4):
            asked += [bank.ask("how do i freeze my lost card") for _ in range(25)]
            replica.knowledge.use(artifact(f"{bank.name}-model-{number}"))
        asked += [bank.ask("loan cost")]
        until(lambda: all(read_answer(bank.results, i, i) for i in asked), ANSWERED_WITHIN_S)
    answers = {id_: read_answer(bank.results, id_, id_) for id_ in asked}
    assert {len(read_turns(bank.results, id_)) for id_ in asked} == {2}
    assert {answer.outcome for answer in answers.values()} == {"answered"}
    assert len({answer.model for answer in answers.values()}) > 1
    assert answers[asked[-1]].model == f"{bank.name}-model-3"
