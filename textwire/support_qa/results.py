"""What support QA leaves for pages, and remembers of a conversation."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from textwire.results.keys import key
from textwire.results.reading import read_list, read_table, read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, Drop, Put, Remove, Write
from textwire.support_qa.messages import Answer, Question, Turn
from textwire.undecodable import NOT_DECODABLE

DAY_S = 24 * 60 * 60
KEPT_TURNS = 40
# By which a session's answers are found again. A session that asks more within its time has
# answers that go by their time alone.
KEPT_IDS = 1_000
KEPT_RECENT = 200
RECENT_KEY = key("support", "recent")
OUTCOMES_KEY = key("support", "outcomes")
OPEN_HANDOFFS_KEY = key("support", "open-handoffs")
DANGERS_KEY = key("support", "dangers")
WAITS_KEY = key("support", "waits")
JUDGED_KEY = key("support", "judged")


def answer_writes(
    question: Question, answer: Answer, kept_s: int = DAY_S, turns_kept_s: int | None = None
) -> list[Write]:
    """What one question leaves: the answer, both turns, a place among the recent, the counts.

    Args: kept_s: how long it stays after the session's last question.
          turns_kept_s: how long the turns do, where that is longer.
    """
    turns_s = max(kept_s, turns_kept_s or 0)
    encoded = msgspec.json.encode(answer)
    asked, said = answer_turns(question, answer)
    session, ids = session_key(question.session_id), question_ids_key(question.session_id)
    return [
        Put(answer_key(question.session_id, answer.question_id), encoded, ttl_s=kept_s),
        Append(ids, answer.question_id.encode(), keep=KEPT_IDS, ttl_s=kept_s),
        Append(session, msgspec.json.encode(asked), keep=KEPT_TURNS, ttl_s=turns_s),
        Append(session, msgspec.json.encode(said), keep=KEPT_TURNS, ttl_s=turns_s),
        Append(RECENT_KEY, encoded, keep=KEPT_RECENT, ttl_s=kept_s),
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
        act=answer.act,
    )
    said = Turn(
        role="bot",
        text=answer.text,
        at=answer.answered_at,
        question_id=question.id,
        refused=asked.refused,
        outcome=answer.outcome,
        choices=answer.choices,
    )
    return asked, said


def forget_writes(store: ResultStore, session_id: str) -> list[Write]:
    """What lets go of everything that stands under a session; empty where nothing does.

    Only what was read is taken away: a question that is answered meanwhile begins anew.
    """
    ids = store.tail(question_ids_key(session_id), KEPT_IDS)
    recent = [
        value for value in store.tail(RECENT_KEY, KEPT_RECENT) if _session_of(value) == session_id
    ]
    turns = store.tail(session_key(session_id), KEPT_TURNS)
    return [
        *(Remove(answer_key(session_id, id_.decode())) for id_ in ids),
        *(Drop(question_ids_key(session_id), id_) for id_ in ids),
        *(Drop(session_key(session_id), turn) for turn in turns),
        *(Drop(RECENT_KEY, value) for value in recent),
    ]


def read_answer(store: ResultStore, session_id: str, question_id: str) -> Answer | None:
    """The answer to a session's question, once there is one."""
    return read_value(store, answer_key(session_id, question_id), Answer)


def read_answers(
    store: ResultStore, session_id: str, question_ids: Sequence[str]
) -> dict[str, Answer]:
    """The answers that there are to these questions of a session, by question id."""
    return read_values(store, {id_: answer_key(session_id, id_) for id_ in question_ids}, Answer)


def read_turns(store: ResultStore, session_id: str, count: int = KEPT_TURNS) -> list[Turn]:
    """The last turns of a session, oldest first."""
    return read_list(store, session_key(session_id), count, Turn)


def read_recent(store: ResultStore, count: int = 20) -> list[Answer]:
    """The newest answers of all sessions, oldest first."""
    return read_list(store, RECENT_KEY, count, Answer)


def read_outcomes(store: ResultStore) -> dict[str, int]:
    """How many questions had each outcome."""
    return read_table(store, OUTCOMES_KEY, int)


def _session_of(answer: bytes) -> str | None:
    try:
        return msgspec.json.decode(answer, type=Answer).session_id
    except NOT_DECODABLE:
        return None


def answer_key(session_id: str, question_id: str) -> str:
    """Where an answer stands: senders number questions as they like, each within its sessions."""
    return key("support", "answer", session_id, question_id)


def session_key(session_id: str) -> str:
    """Where a session's turns stand."""
    return key("support", "session", session_id)


def question_ids_key(session_id: str) -> str:
    """Where the ids of a session's questions stand."""
    return key("support", "question-ids", session_id)


def handoff_key(session_id: str) -> str:
    """Where a session's last handoff stands."""
    return key("support", "handoff", session_id)


def suggested_key(session_id: str) -> str:
    """Where passages stand that a colleague may answer a session's last message with."""
    return key("support", "suggested", session_id)


def feedback_key(session_id: str, question_id: str) -> str:
    """Where stands what was thought of an answer, by who thought it."""
    return key("support", "feedback", session_id, question_id)


def feedback_count_key(kind: str) -> str:
    """Where it is counted how often answers of each passage were judged so."""
    return key("support", "feedback-counts", kind)
