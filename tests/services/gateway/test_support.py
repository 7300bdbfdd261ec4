from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx2
import msgspec
import pytest

from services.gateway.config import GatewaySettings
from services.gateway.part_following import PartFollower
from tests.services.gateway.running import Applications, begin, served
from textwire.errors import BrokerUnavailable
from textwire.support_qa.feedback_results import judged, judged_writes
from textwire.support_qa.messages import Answer, Feedback, Question, Source
from textwire.support_qa.parts import AnswerPart, part_writes
from textwire.support_qa.results import answer_writes
from textwire.wire.message import Message
from textwire.wire.topic import Topic

ASK = "/v1/support/questions"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def answer_to(question: Question) -> Answer:
    return Answer(
        question_id=question.id or "",
        session_id=question.session_id,
        outcome="answered",
        text=f"About {question.text}",
        confidence=0.9,
        sources=(Source(passage_id="p", text="passage", score=0.9, title="A passage"),),
        model="m",
        answered_at=NOON,
    )


def bot(behind: Applications, _topic: Topic, message: Message) -> None:
    """Answers, as support QA does: stored first, then published."""
    assert isinstance(message, Question)
    answer = answer_to(message)
    behind.results.write(answer_writes(message, answer))
    behind.publish(answer)


def silent(_behind: Applications, _topic: Topic, _message: Message) -> None:
    """Is busy with something else."""


def only_stores(behind: Applications, _topic: Topic, message: Message) -> None:
    """Is not heard by the gateway, as when the broker was away for a moment."""
    assert isinstance(message, Question)
    behind.results.write(answer_writes(message, answer_to(message)))


@pytest.fixture
def behind() -> Applications:
    return Applications(bot)


@pytest.fixture
def client(behind: Applications) -> Iterator[httpx2.Client]:
    with served(behind) as client:
        yield client


def test_a_question_gets_its_answer_in_the_same_request(client) -> None:
    said = client.post(ASK, json={"text": " where is my card? "}, headers=begin(client))
    assert said.status_code == 200
    assert said.json()["text"] == "About where is my card?"
    assert said.headers["cache-control"] == "no-store"


def test_the_conversation_holds_what_was_said_and_what_it_rests_on(client) -> None:
    session = begin(client)
    client.post(ASK, json={"text": "one"}, headers=session)
    turns = client.get("/v1/support/conversation", headers=session).json()["turns"]
    assert [(turn["role"], turn["text"]) for turn in turns] == [
        ("customer", "one"),
        ("bot", "About one"),
    ]
    assert [len(turn["sources"]) for turn in turns] == [0, 1]


def test_a_session_sees_no_other_ones_conversation(client) -> None:
    client.post(ASK, json={"text": "mine"}, headers=begin(client))
    others = client.get("/v1/support/conversation", headers=begin(client)).json()
    assert others["turns"] == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer s-1"},
        {"Authorization": "Basic czox"},
        {"Authorization": "Bearer InMtMSI.aaaa.bbbb"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ASK), ("GET", "/v1/support/conversation"), ("GET", "/v1/support/events")],
)
def test_without_a_session_of_ours_nothing_is_told(client, method, path, headers) -> None:
    refused = client.request(method, path, headers=headers)
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"


def test_the_same_id_is_the_same_message(client, behind) -> None:
    session = begin(client)
    said = [client.post(ASK, json={"id": "q", "text": "x"}, headers=session) for _ in range(3)]
    assert len(behind.sent) == 1
    assert {one.json()["text"] for one in said} == {"About x"}


def test_two_sessions_may_number_their_messages_alike(client, behind) -> None:
    for text in ("first", "second"):
        said = client.post(ASK, json={"id": "1", "text": text}, headers=begin(client))
        assert said.json()["text"] == f"About {text}"
    assert len(behind.sent) == 2


def test_an_answer_that_takes_long_is_found_in_the_conversation_later() -> None:
    behind = Applications(silent)
    with served(behind, GatewaySettings(answer_within_s=0.2)) as client:
        session = begin(client)
        taken = client.post(ASK, json={"id": "q", "text": "x"}, headers=session)
        assert (taken.status_code, taken.json()["outcome"]) == (202, "pending")
        only_stores(behind, None, behind.sent[0])  # type: ignore[arg-type]
        again = client.post(ASK, json={"id": "q", "text": "x"}, headers=session)
        assert again.json()["text"] == "About x"
        assert len(behind.sent) == 1


def test_an_answer_that_was_not_heard_of_is_found_where_it_stands() -> None:
    with served(Applications(only_stores), GatewaySettings(answer_within_s=0.2)) as client:
        said = client.post(ASK, json={"text": "x"}, headers=begin(client))
        assert said.json()["text"] == "About x"


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        (b"", 400, "body"),
        (b'{"text"', 400, "truncated"),
        (b'{"text": 1}', 400, "text"),
        (b'{"text": "a", "session_id": "s-1"}', 400, "session_id"),
        (b'{"text": "  "}', 422, "`text` has to be text of 1 to 8,000 characters"),
        (msgspec.json.encode({"text": "a" * 8_001}), 422, "8,000"),
        (msgspec.json.encode({"text": "a" * 300_000}), 413, "at most"),
        (b'{"text": "\xff"}', 400, "body"),
    ],
)
def test_what_is_no_message_is_refused_with_what_to_send(client, behind, body, status, told):
    refused = client.post(ASK, content=body, headers=begin(client))
    assert refused.status_code == status
    assert told in refused.json()["detail"]
    assert behind.sent == []


def test_who_asks_too_often_is_told_when_to_come_back() -> None:
    with served(Applications(bot), GatewaySettings(questions_per_minute=2)) as client:
        session = begin(client)
        said = [client.post(ASK, json={"text": "x"}, headers=session) for _ in range(3)]
        assert [one.status_code for one in said] == [200, 200, 429]
        assert 1 <= int(said[-1].headers["retry-after"]) <= 60
        assert client.post(ASK, json={"text": "x"}, headers=begin(client)).status_code == 200


def test_one_address_cannot_begin_sessions_without_end() -> None:
    with served(Applications(bot), GatewaySettings(sessions_per_minute=2)) as client:
        begun = [client.post("/v1/support/sessions").status_code for _ in range(3)]
        assert begun == [201, 201, 429]


def test_while_kafka_is_away_the_message_can_be_sent_again() -> None:
    def away(behind: Applications, topic: Topic, message: Message) -> None:
        if len(behind.sent) == 1:
            raise BrokerUnavailable("127.0.0.1:9092 does not answer.")
        bot(behind, topic, message)

    with served(Applications(away)) as client:
        session = begin(client)
        first = client.post(ASK, json={"id": "q", "text": "x"}, headers=session)
        assert first.status_code == 503
        assert "9092" not in first.text
        again = client.post(ASK, json={"id": "q", "text": "x"}, headers=session)
        assert again.json()["text"] == "About x"


def test_whoever_follows_hears_each_answer_and_of_what_may_be_missing(client, behind) -> None:
    session = begin(client)
    with client.stream("GET", "/v1/support/events", headers=session) as events:
        lines = events.iter_lines()
        assert next_event(lines)[0] == "refresh"
        client.post(ASK, json={"id": "q1", "text": "one"}, headers=session)
        client.post(ASK, json={"text": "others"}, headers=begin(client))
        event, data = next_event(lines)
        assert (event, msgspec.json.decode(data)["text"]) == ("answer", "About one")
        behind.miss_something()
        assert next_event(lines)[0] == "refresh"
    assert events.headers["content-type"].startswith("text/event-stream")


def test_whoever_follows_reads_how_an_answer_begins_and_nothing_of_it_behind_the_answer(
    client, behind
) -> None:
    session = begin(client)
    session_id = client.get("/v1/support/conversation", headers=session).json()["session_id"]

    def shown(text: str) -> None:
        part = AnswerPart(question_id="q1", session_id=session_id, text=text)
        behind.results.write(part_writes([part], kept_s=10))
        follower.look()

    with client.stream("GET", "/v1/support/events", headers=session) as events:
        lines = events.iter_lines()
        assert next_event(lines)[0] == "refresh"
        follower = PartFollower(behind.results, behind.answers, behind.loop)
        for text in ("One.", "One. Two."):
            shown(text)
            follower.look()  # what is shown already is not sent again
            event, data = next_event(lines)
            assert (event, msgspec.json.decode(data)["text"]) == ("part", text)
        client.post(ASK, json={"id": "q1", "text": "one"}, headers=session)
        assert next_event(lines)[0] == "answer"
        shown("One. Two. Three.")  # late
        behind.miss_something()
        assert next_event(lines)[0] == "refresh"


def test_who_comes_in_the_middle_of_an_answer_reads_how_it_begins(client, behind) -> None:
    session = begin(client)
    session_id = client.get("/v1/support/conversation", headers=session).json()["session_id"]
    part = AnswerPart(question_id="q1", session_id=session_id, text="One.")
    behind.results.write(part_writes([part], kept_s=10))
    with client.stream("GET", "/v1/support/events", headers=session) as events:
        lines = events.iter_lines()
        assert [next_event(lines)[0], next_event(lines)[0]] == ["refresh", "part"]


def test_no_more_conversations_are_followed_than_can_be() -> None:
    with served(Applications(bot), GatewaySettings(most_streams=1)) as client:
        session = begin(client)
        with client.stream("GET", "/v1/support/events", headers=session) as events:
            lines = events.iter_lines()  # the stream ends with it
            next_event(lines)
            assert client.get("/v1/support/events", headers=session).status_code == 503


def test_what_a_customer_thinks_of_an_answer_goes_on_as_theirs(client, behind) -> None:
    session = begin(client)
    behind.service = silent
    body = {"question_id": "q", "kind": "unhelpful"}
    assert client.post("/v1/support/feedback", json=body, headers=session).status_code == 204
    (feedback,) = behind.sent
    assert isinstance(feedback, Feedback)
    assert (feedback.question_id, feedback.kind, feedback.by) == ("q", "unhelpful", None)


def test_a_conversation_tells_what_its_customer_thought_of_each_answer(client, behind) -> None:
    session = begin(client)
    behind.service = bot
    for id_ in ("q1", "q2"):
        client.post(ASK, json={"id": id_, "text": id_}, headers=session)
    asked = behind.sent[0]
    assert isinstance(asked, Question)
    for by, kind in ((None, "unhelpful"), ("ada", "helpful")):
        said = Feedback(question_id="q1", session_id=asked.session_id, kind=kind, by=by)
        behind.results.write(judged_writes(judged(said, "q1", ("p",), NOON), None))
    turns = client.get("/v1/support/conversation", headers=session).json()["turns"]
    assert [turn["judged"] for turn in turns] == [None, "unhelpful", None, None]


@pytest.mark.parametrize("said", [{}, {"kind": "fine"}, {"kind": "corrected"}])
def test_a_judgement_that_says_nothing_is_refused(client, behind, said) -> None:
    body = {"question_id": "q"} | said
    refused = client.post("/v1/support/feedback", json=body, headers=begin(client))
    assert refused.status_code in (400, 422)
    assert behind.sent == []


def next_event(lines: Iterator[str]) -> tuple[str, str]:
    """The name and the data of the event that comes next."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        fields[name] = value
        if not line and "event" in fields:
            return fields["event"], fields["data"]
    raise AssertionError("the stream has ended")
