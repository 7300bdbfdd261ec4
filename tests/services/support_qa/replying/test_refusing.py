from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.support_qa.processor import SupportQa
from services.support_qa.replying.refusing import EXCERPT_CHARACTERS
from tests.services.support_qa.snapshots import (
    AT,
    answer_in,
    asked,
    handoff_in,
    knowledge,
    service,
    stored,
)
from textwire.errors import RecordRejected, RecordSkipped, RecordTooLarge
from textwire.results.memory import MemoryResults
from textwire.results.writes import Append
from textwire.stream.decoding import Decoder
from textwire.stream.processor import Received, Refusing, Rejected, Result
from textwire.support_qa.desk_results import STANDING_S
from textwire.support_qa.messages import Question
from textwire.support_qa.results import read_answer, read_outcomes, read_recent, read_turns
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_QUESTIONS
from textwire.wire.record import Partition, Record

FREEZE = "how do i freeze my lost card"
PERSON = "I want to talk to a human"
DESK = knowledge()


def sent(key: bytes | None = b"s1", **fields: object) -> Rejected:
    """A record with these fields, and why the loop refuses it."""
    return rejected(msgspec.json.encode(fields), key)


def rejected(value: bytes, key: bytes | None = b"s1") -> Rejected:
    record = Record(Partition(SUPPORT_QUESTIONS.name, 3), 7, key, value, timestamp_ms=1)
    with pytest.raises(RecordRejected) as refused:
        Decoder((SUPPORT_QUESTIONS,), max_bytes=50_000).decode(record)
    return Rejected(record, refused.value)


def failed(text: str, error: Exception, session: str = "s1") -> Rejected:
    """A question that was decoded, and what the loop met with it later."""
    received = asked(text, session)
    return Rejected(received.record, error, received.message)


def said_to(refused: Rejected) -> str:
    answer = answer_in(service().refuse(refused))
    assert (answer.outcome, answer.confidence, answer.sources) == ("refused", 0.0, ())
    return answer.text


def test_support_qa_tells_whoever_asked() -> None:
    assert isinstance(service(), Refusing)


def test_a_question_that_is_too_long_is_answered_with_how_long_it_may_be() -> None:
    result = service().refuse(sent(session_id="s1", id="q1", text="x" * 9_343))
    answer = answer_in(result)
    assert (answer.session_id, answer.question_id, answer.outcome) == ("s1", "q1", "refused")
    assert answer.text == (
        "Your message is longer than 8,000 characters. Please send a shorter one."
    )
    assert (answer.model, answer.answered_at) == ("v1", AT)
    assert [out.topic for out in result.messages] == [SUPPORT_ANSWERS]


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (sent(session_id="s1", id="q1"), "no text in your message"),
        (sent(session_id="s1", text=""), "no text in your message"),
        (sent(session_id="s1", text=7), "no text in your message"),
        (sent(session_id="s1", text="why?", language="x" * 36), "`language` has to be text of"),
        (sent(session_id="s1", text="why?", asked_at="today"), "`asked_at` has to be a time"),
        (sent(text="why?"), "`session_id` has to be text of 1 to 200 characters"),
        (rejected(b'{"session_id": "s1", "text": "cut'), "arrived damaged"),
        (rejected(b"\xff\x00"), "arrived damaged"),
        (rejected(b""), "arrived damaged"),
        (sent(session_id="s1", text="why?", more="x" * 60_000), "too large to be read"),
        (failed(" \n", RecordRejected("empty")), "no text in your message"),
        (failed(FREEZE, RuntimeError("CUDA error at /srv/x.py")), "an error on our side"),
        (failed(FREEZE, RecordSkipped("skipped by ops")), "was set aside"),
        (sent(session_id="s1", text="why?", id=7), "`id` has to be text of 1 to 200"),
    ],
)
def test_each_reason_is_told_in_the_customers_words(refused: Rejected, told: str) -> None:
    text = said_to(refused)
    assert told in text
    assert "Please" in text


def test_nothing_of_the_inside_is_told() -> None:
    text = said_to(failed(FREEZE, RuntimeError("CUDA error at /srv/x.py")))
    assert "CUDA" not in text
    assert "RuntimeError" not in text


def test_a_question_without_an_id_is_known_by_its_place() -> None:
    answer = answer_in(service().refuse(sent(session_id="s1")))
    assert answer.question_id == "support.questions-3-7"


def test_where_the_message_names_no_session_the_key_does() -> None:
    assert answer_in(service().refuse(rejected(b"\xff", key=b"s9"))).session_id == "s9"


def test_where_nobody_can_be_told_nothing_is_said() -> None:
    assert service().refuse(rejected(b"\xff", key=None)) == Result()


def refused_in(store: MemoryResults, refused: Rejected, qa: SupportQa) -> None:
    received = Received(refused.message, refused.record)
    stored(store, received, qa.refuse(refused))


def test_the_page_finds_the_refusal_where_it_waits_for_the_answer() -> None:
    store = MemoryResults()
    qa = service(store)
    refused_in(store, sent(session_id="s1", id="q1", text="long " * 2_000), qa)
    answer = read_answer(store, "s1", "q1")
    assert answer is not None
    assert answer.outcome == "refused"
    assert read_recent(store) == [answer]
    assert read_outcomes(store) == {"refused": 1}
    said, told = read_turns(store, "s1")
    assert (said.role, said.question_id, said.refused) == ("customer", "q1", True)
    assert (told.role, told.question_id, told.text) == ("bot", "q1", answer.text)


def test_of_what_was_refused_the_conversation_keeps_an_excerpt_alone() -> None:
    store = MemoryResults()
    refused_in(store, sent(session_id="s1", text="long " * 8_000), service(store))
    said, _ = read_turns(store, "s1")
    assert said.text.startswith("long long")
    assert len(said.text) <= EXCERPT_CHARACTERS


def test_of_what_was_refused_no_card_number_is_kept_wherever_the_excerpt_ends() -> None:
    card = "4111 1111 1111 1111"
    for before in ("", "x" * (EXCERPT_CHARACTERS - 25), "x" * (EXCERPT_CHARACTERS - 15)):
        store = MemoryResults()
        text = f"{before} {card} " + "long " * 8_000
        refused_in(store, sent(session_id="s1", text=text), service(store))
        said, _ = read_turns(store, "s1")
        assert "4111" not in said.text


def test_where_nothing_is_masked_the_excerpt_is_as_it_came() -> None:
    store = MemoryResults()
    text = "4111 1111 1111 1111 " + "long " * 8_000
    refused_in(store, sent(session_id="s1", text=text), service(store, mask_personal_data=False))
    assert "4111" in read_turns(store, "s1")[0].text


def test_a_trial_that_is_refused_leaves_its_answer_and_nothing_else() -> None:
    refused = sent(session_id="s1", id="q1", text="x" * 9_000, trial=True)
    store = MemoryResults()
    refused_in(store, refused, service(store))
    answer = read_answer(store, "s1", "q1")
    assert answer is not None
    assert answer.outcome == "refused"
    assert (read_turns(store, "s1"), read_recent(store), read_outcomes(store)) == ([], [], {})


def test_what_was_refused_is_kept_as_long_as_the_conversation() -> None:
    refused = service(conversation_days=2.0).refuse(sent(session_id="s1", text=""))
    assert {write.ttl_s for write in refused.writes if write.ttl_s} == {2 * 24 * 60 * 60}


def test_what_is_refused_beside_a_colleague_does_not_let_the_conversation_go_earlier() -> None:
    store = MemoryResults()
    qa = service(store)
    question = asked(PERSON)
    stored(store, question, *qa.process([question]))
    refused = qa.refuse(sent(session_id=question.message.session_id, text=""))
    turns = [
        write for write in refused.writes if isinstance(write, Append) and ":session:" in write.key
    ]
    assert [write.ttl_s for write in turns] == [STANDING_S, STANDING_S]


def test_a_question_does_not_lean_on_what_was_refused_before_it() -> None:
    follow_up, alone, after = "and how many days does that take?", MemoryResults(), MemoryResults()
    refused = failed("how do i order a physical card", RuntimeError(), session="s")
    refused_in(after, refused, service(after))
    question = asked(follow_up, id_="q2", offset=9)
    results = [service(store).process([question]) for store in (alone, after)]
    assert results[0] == results[1]


def test_a_colleague_is_handed_what_was_served() -> None:
    store = MemoryResults()
    qa = service(store)
    refused_in(store, failed("x" * 900, RuntimeError(), session="s"), qa)
    (result,) = qa.process([asked(PERSON, id_="q2", offset=9)])
    handoff = handoff_in(result)
    assert handoff is not None
    assert [turn.text for turn in handoff.conversation] == [PERSON]


ASKED = st.tuples(
    st.sampled_from("ab"),
    st.sampled_from([FREEZE, PERSON, "and what does that cost?", "how do i order a card"]),
    st.booleans(),
)


@settings(max_examples=30)
@given(st.lists(ASKED, min_size=1, max_size=8))
def test_a_batch_equals_its_questions_one_by_one_though_some_are_refused_between_them(
    questions: list[tuple[str, str, bool]],
) -> None:
    together, store = service(snapshot=DESK), MemoryResults()
    single = service(store, DESK)
    batch, one_by_one = [], []
    for offset, (session, text, is_refused) in enumerate(questions):
        received = asked(text, session, f"q{offset}", offset)
        if is_refused:
            refused = Rejected(received.record, RuntimeError(), received.message)
            stored(store, received, single.refuse(refused))
            continue
        (result,) = single.process([received])
        stored(store, received, result)
        batch.append(received)
        one_by_one.append(result)
    assert together.process(batch) == one_by_one


ERRORS = st.sampled_from(
    [
        RecordRejected("not JSON in UTF-8"),
        RecordTooLarge("too large: 9 bytes; stream.max_record_bytes is 8"),
        RecordSkipped("skipped"),
        ValueError(),
    ]
)
VALUES = st.binary(max_size=80) | st.dictionaries(
    st.sampled_from(["session_id", "id", "text", "language", "asked_at"]),
    st.none() | st.integers() | st.text(max_size=9) | st.lists(st.none()),
).map(msgspec.json.encode)


@settings(max_examples=200)
@given(VALUES, st.none() | st.binary(max_size=9), ERRORS)
def test_whatever_is_refused_nothing_is_raised_and_what_is_said_can_be_sent(
    value: bytes, key: bytes | None, error: Exception
) -> None:
    record = Record(Partition(SUPPORT_QUESTIONS.name, 0), 0, key, value)
    result = QA.refuse(Rejected(record, error))
    for out in result.messages:
        assert SUPPORT_ANSWERS.key(out.message)
        assert msgspec.json.decode(msgspec.json.encode(out.message), type=type(out.message))
    assert bool(result.messages) == bool(result.writes)


QA = service()


@given(st.text(min_size=1, max_size=600), ERRORS)
def test_a_question_that_was_decoded_is_always_answered(text: str, error: Exception) -> None:
    question = Question(session_id="s1", id="q1", text=text, asked_at=AT)
    record = Record(Partition(SUPPORT_QUESTIONS.name, 0), 0, None, b"")
    answer = answer_in(QA.refuse(Rejected(record, error, question)))
    assert (answer.session_id, answer.question_id) == ("s1", "q1")
