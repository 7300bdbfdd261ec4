"""What support QA leaves for pages, and remembers of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from textwire.messages import Answer, Question, Turn
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, Put, Write

DAY_S = 24 * 60 * 60
KEPT_TURNS = 40
KEPT_RECENT = 200
RECENT_KEY = "support:recent"
OUTCOMES_KEY = "support:outcomes"


def answer_writes(question: Question, answer: Answer) -> list[Write]:
    """What one question leaves: the answer, both turns, a place among the recent, the counts."""
    encoded = msgspec.json.encode(answer)
    asked, said = answer_turns(question, answer)
    session = session_key(question.session_id)
    return [
        Put(answer_key(question.session_id, answer.question_id), encoded, ttl_s=DAY_S),
        Append(session, msgspec.json.encode(asked), keep=KEPT_TURNS, ttl_s=DAY_S),
        Append(session, msgspec.json.encode(said), keep=KEPT_TURNS, ttl_s=DAY_S),
        Append(RECENT_KEY, encoded, keep=KEPT_RECENT),
        Count(OUTCOMES_KEY, answer.outcome),
    ]


def answer_turns(question: Question, answer: Answer) -> tuple[Turn, Turn]:
    """What the customer said, and what the bot said to it."""
    asked = Turn(
        role="customer",
        text=question.text,
        at=question.asked_at or answer.answered_at,
        question_id=question.id,
        refused=answer.outcome == "refused",
    )
    return asked, replace(asked, role="bot", text=answer.text, at=answer.answered_at)


def read_answer(store: ResultStore, session_id: str, question_id: str) -> Answer | None:
    """The answer to a session's question, once there is one."""
    value = store.get(answer_key(session_id, question_id))
    return None if value is None else msgspec.json.decode(value, type=Answer)


def read_answers(
    store: ResultStore, session_id: str, question_ids: Sequence[str]
) -> dict[str, Answer]:
    """The answers that there are to these questions of a session, by question id."""
    values = store.get_many([answer_key(session_id, id_) for id_ in question_ids])
    return {
        question_id: msgspec.json.decode(value, type=Answer)
        for question_id, value in zip(question_ids, values, strict=True)
        if value is not None
    }


def read_turns(store: ResultStore, session_id: str, count: int = KEPT_TURNS) -> list[Turn]:
    """The last turns of a session, oldest first."""
    return [
        msgspec.json.decode(value, type=Turn)
        for value in store.tail(session_key(session_id), count)
    ]


def read_recent(store: ResultStore, count: int = 20) -> list[Answer]:
    """The newest answers of all sessions, oldest first."""
    return [msgspec.json.decode(value, type=Answer) for value in store.tail(RECENT_KEY, count)]


def read_outcomes(store: ResultStore) -> dict[str, int]:
    """How many questions had each outcome."""
    return {outcome: int(count) for outcome, count in store.fields(OUTCOMES_KEY).items()}


def answer_key(session_id: str, question_id: str) -> str:
    """Where an answer stands: senders number questions as they like, each within its sessions."""
    return f"support:answer:{session_id}:{question_id}"


def session_key(session_id: str) -> str:
    """Where a session's turns stand."""
    return f"support:session:{session_id}"
