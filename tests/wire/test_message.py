from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.messages import (
    Answer,
    AnswerOutcome,
    Handoff,
    HandoffReason,
    Passage,
    Question,
    Role,
    Source,
    Turn,
)
from textwire.wire.message import Message

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

# The contract with other programs: these names never change; more may come, each with a default.
CONTRACT = {
    Passage: {"id", "question?", "text", "title?", "url?", "tags?", "language?"},
    Question: {"id?", "session_id", "text", "language?", "asked_at?"},
    Answer: {
        "question_id",
        "session_id",
        "outcome",
        "text",
        "confidence",
        "sources",
        "model",
        "answered_at",
    },
    Source: {"passage_id", "title", "url", "text", "score"},
    Handoff: {"id", "session_id", "question_id", "reason", "conversation", "candidates"},
    Turn: {"role", "text", "at"},
}

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)
optional_texts = st.none() | texts
moments = st.datetimes(
    datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC) | st.timezones()
).map(lambda at: at.astimezone(timezone(at.utcoffset() or timedelta())))
probabilities = st.floats(0, 1)
passages = st.builds(
    Passage,
    id=texts,
    text=texts,
    question=optional_texts,
    title=optional_texts,
    url=optional_texts,
    tags=st.lists(texts, max_size=3).map(tuple),
    language=st.none() | st.sampled_from(["en", "zh-Hant"]),
)
questions = st.builds(
    Question,
    session_id=texts,
    text=texts,
    id=optional_texts,
    language=st.none(),
    asked_at=st.none() | moments,
)
sources = st.builds(
    Source,
    passage_id=texts,
    text=texts,
    score=probabilities,
    title=optional_texts,
    url=optional_texts,
)
turns = st.builds(
    Turn, role=st.sampled_from(get_args(Role)), text=texts, at=moments, question_id=optional_texts
)
answers = st.builds(
    Answer,
    question_id=texts,
    session_id=texts,
    outcome=st.sampled_from(get_args(AnswerOutcome)),
    text=texts,
    confidence=probabilities,
    sources=st.lists(sources, max_size=2).map(tuple),
    model=texts,
    answered_at=moments,
    handoff_reason=st.none() | st.sampled_from(get_args(HandoffReason)),
)
handoffs = st.builds(
    Handoff,
    id=texts,
    session_id=texts,
    question_id=texts,
    reason=st.sampled_from(get_args(HandoffReason)),
    conversation=st.lists(turns, max_size=3).map(tuple),
    candidates=st.lists(sources, max_size=2).map(tuple),
)


@given(st.one_of(passages, questions, answers, handoffs))
def test_a_message_survives_the_wire(message: Message) -> None:
    assert msgspec.json.decode(msgspec.json.encode(message), type=type(message)) == message


@given(st.one_of(passages, questions, answers, handoffs), st.dictionaries(texts, st.integers()))
def test_what_a_newer_program_adds_is_ignored(message: Message, added: dict[str, int]) -> None:
    known = msgspec.to_builtins(message)
    value = msgspec.json.encode({**added, **known})
    left_out = {field.name for field in msgspec.structs.fields(message)} - known.keys()
    if not left_out & added.keys():
        assert msgspec.json.decode(value, type=type(message)) == message


@pytest.mark.parametrize("kind", CONTRACT, ids=lambda kind: kind.__name__)
def test_the_names_of_the_contract_are_there(kind: type[Message]) -> None:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    promised = {name.rstrip("?") for name in CONTRACT[kind]}
    assert promised <= fields.keys()
    for name in CONTRACT[kind]:
        if name.endswith("?"):
            assert not fields[name.rstrip("?")].required, f"{name} may be left out"
    for name in fields.keys() - promised:
        assert not fields[name].required, f"{name} came later and needs a default"


@pytest.mark.parametrize(("kind", "message"), [(Answer, "answers"), (Handoff, "handoffs")])
def test_what_we_send_has_every_name_of_the_contract(kind: type[Message], message: str) -> None:
    sent = {"answers": ANSWER, "handoffs": HANDOFF}[message]
    assert msgspec.to_builtins(sent).keys() >= CONTRACT[kind]


ANSWER = Answer(
    question_id="q",
    session_id="s",
    outcome="answered",
    text="Yes.",
    confidence=0.5,
    sources=(),
    model="m",
    answered_at=AT,
)
HANDOFF = Handoff(
    id="h",
    session_id="s",
    question_id="q",
    reason="no_knowledge",
    conversation=(),
    candidates=(),
)


def test_times_are_rfc_3339_in_utc() -> None:
    assert b'"answered_at":"2026-01-02T03:04:05Z"' in msgspec.json.encode(ANSWER)


def test_outcomes_roles_and_reasons_are_those_of_the_contract() -> None:
    assert set(get_args(AnswerOutcome)) == {
        "acknowledged",
        "answered",
        "asked_back",
        "handed_over",
        "refused",
        "replied",
        "waiting",
    }
    assert set(get_args(Role)) >= {"customer", "bot"}


@pytest.mark.parametrize("confidence", [-0.01, 1.01, float("nan")])
def test_a_confidence_outside_its_bounds_is_refused(confidence: float) -> None:
    value = msgspec.to_builtins(ANSWER) | {"confidence": confidence}
    with pytest.raises(msgspec.ValidationError, match="confidence"):
        msgspec.convert(value, Answer)


def test_what_the_sender_left_out_is_completed_from_the_record() -> None:
    completed = Question(session_id="s", text="?").completed("topic-0-7", AT)
    assert (completed.id, completed.asked_at) == ("topic-0-7", AT)
    assert completed.completed("another", AT + timedelta(days=1)) == completed


def test_a_message_with_nothing_to_complete_stays_as_it_is() -> None:
    passage = Passage(id="p", text="t")
    assert passage.completed("topic-0-7", AT) is passage


@pytest.mark.parametrize(
    ("passage", "searchable"),
    [
        (Passage(id="p", text="Yes."), "Yes."),
        (Passage(id="p", text="Yes.", title="Cards"), "Cards\nYes."),
        (Passage(id="p", text="Yes.", title="Cards", question="May I?"), "May I?\nYes."),
    ],
)
def test_a_passage_is_found_by_its_question_or_else_its_title_and_its_text(
    passage: Passage, searchable: str
) -> None:
    assert passage.searchable_text == searchable


def test_messages_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ANSWER.text = "No."
