from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.understanding.conversations import HANDED_TURNS, Conversations
from tests.services.support_qa.snapshots import AT
from textwire.results.memory import MemoryResults
from textwire.support_qa.desk_results import handoff_writes
from textwire.support_qa.messages import Answer, AnswerOutcome, Handoff, Question
from textwire.support_qa.results import answer_writes


def question(id_: str, text: str = "a question") -> Question:
    return Question(id=id_, session_id="s", text=text, asked_at=AT)


def answer(id_: str, text: str = "an answer", outcome: AnswerOutcome = "answered") -> Answer:
    return Answer(
        session_id="s", question_id=id_, outcome=outcome, text=text, confidence=1.0, sources=(),
        model="v1", answered_at=AT,
    )  # fmt: skip


def stored(*ids: str) -> MemoryResults:
    store = MemoryResults()
    for id_ in ids:
        store.write(answer_writes(question(id_), answer(id_)))
    return store


def before(store: MemoryResults, id_: str) -> list[str | None]:
    turns = Conversations(store, ["s"]).before(question(id_))
    return [turn.question_id for turn in turns]


def test_what_was_said_before_a_question_comes_oldest_first() -> None:
    assert before(stored("q1", "q2"), "q3") == ["q1", "q1", "q2", "q2"]
    assert before(MemoryResults(), "q1") == []


def test_a_question_that_is_read_again_sees_what_it_saw_the_first_time() -> None:
    store = stored("q1", "q2", "q3")
    assert before(store, "q2") == ["q1", "q1"]


def test_where_the_bot_kept_quiet_it_said_nothing() -> None:
    store = stored("q1")
    store.write(answer_writes(question("q2"), answer("q2", text="", outcome="waiting")))
    turns = Conversations(store, ["s"]).before(question("q3"))
    assert [(turn.role, turn.question_id) for turn in turns][-1] == ("customer", "q2")


def test_what_was_refused_is_left_out() -> None:
    store = stored("q1")
    store.write(answer_writes(question("q2"), answer("q2", outcome="refused")))
    assert before(store, "q3") == ["q1", "q1"]


@given(st.integers(0, 40))
def test_the_batch_goes_on_as_the_store_will(count: int) -> None:
    ids = [f"q{number}" for number in range(count)]
    batch = Conversations(MemoryResults(), ["s"])
    for id_ in ids:
        batch.add(question(id_), answer(id_))
    last = question("last")
    in_store = Conversations(stored(*ids), ["s"]).before(last)
    assert batch.before(last) == in_store
    assert len(in_store) <= HANDED_TURNS


HANDOFF = Handoff(
    id="h1", session_id="s", question_id="q2", reason="customer_asked", conversation=(),
    candidates=(), opened_at=AT,
)  # fmt: skip


def standing(handoff: Handoff, asked: str, *ids: str) -> str | None:
    store = stored(*ids)
    store.write(handoff_writes(handoff))
    found = Conversations(store, ["s"]).standing(question(asked))
    return None if found is None else found.id


def test_a_handoff_stands_for_what_comes_after_the_question_that_opened_it() -> None:
    assert standing(HANDOFF, "q3", "q1", "q2") == "h1"
    assert standing(HANDOFF, "q2", "q1", "q2") is None
    assert standing(HANDOFF, "q1", "q1", "q2") is None


def test_one_that_a_colleague_has_stands_for_whatever_comes_and_a_closed_one_for_nothing() -> None:
    taken = msgspec.structs.replace(HANDOFF, state="taken", agent="Maria")
    assert standing(taken, "q1", "q1", "q2") == "h1"
    closed = msgspec.structs.replace(HANDOFF, state="closed", agent="Maria")
    assert standing(closed, "q3", "q1", "q2") is None


def test_a_handoff_of_the_same_batch_stands_for_the_next_question() -> None:
    batch = Conversations(MemoryResults(), ["s"])
    assert batch.standing(question("q1")) is None
    opened = msgspec.structs.replace(HANDOFF, question_id="q1")
    batch.add(question("q1"), answer("q1", outcome="handed_over"), opened)
    assert batch.standing(question("q2")) == opened
