from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Command
from textwire.results.redis import RedisResults
from textwire.support_qa.messages import Answer, Question
from textwire.support_qa.results import answer_writes, read_answer

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
    offline: Command, session: tuple[str, RedisResults]
) -> None:
    name, store = session
    told = offline("support", "forget", name)
    assert told.exit_code == 0, told.output
    assert f"Erased the turns and answers of {name} from Redis" in told.stdout
    assert "support.questions 7 days, support.answers 7 days, support.handoffs 30" in told.stdout
    assert read_answer(store, name, "q1") is None
    assert f"Nothing is remembered of {name}" in offline("support", "conversation", name).stdout
    assert offline("support", "forget", name).stdout == f"Nothing is remembered of {name}.\n"
