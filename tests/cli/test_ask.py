from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import get_args

import msgspec
import pytest

from tests.cli.answering import answering
from tests.cli.conftest import Command
from textwire.cli.ask import OUTCOMES
from textwire.stream.clients.sender import Sender
from textwire.support_qa.messages import Answer, AnswerOutcome, Question, Source
from textwire.support_qa.topics import SUPPORT_ANSWERS, SUPPORT_QUESTIONS
from textwire.wire.record import OutgoingRecord

SOURCE = Source(passage_id="fees", text="None.", score=0.91, title="Fees", url="https://b.example")


def answer_to(question: Question) -> Answer:
    knows = "person" not in question.text
    outcome: AnswerOutcome = "answered" if knows else "handed_over"
    return Answer(
        question_id=str(question.id),
        session_id=question.session_id,
        outcome="refused" if "nonsense" in question.text else outcome,
        text=f"You said: {question.text}",
        confidence=0.87 if knows else 0.12,
        sources=(SOURCE,),
        model="echo",
        answered_at=datetime.now(UTC),
    )


def responder() -> AbstractContextManager[None]:
    """A service that answers each question, after some noise that is no answer to it."""
    return answering(SUPPORT_QUESTIONS, _answer)


def _answer(question: Question, sender: Sender) -> None:
    if "silence" in question.text:
        return
    other = msgspec.structs.replace(answer_to(question), question_id="other")
    sender.write([OutgoingRecord(SUPPORT_ANSWERS.name, None, b"nonsense")])
    sender.send_all(SUPPORT_ANSWERS, [other, answer_to(question)])


def test_a_question_is_answered_with_confidence_and_sources(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "is", "there", "a", "fee?")
    assert asked.exit_code == 0, asked.output
    assert asked.stdout.splitlines() == [
        "You said: is there a fee?",
        "",
        "answered · confidence 87%",
        "  [1] Fees https://b.example · 0.91",
    ]


def test_a_handoff_is_an_answer_too(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "a person, please")
    assert asked.exit_code == 0
    assert "handed over to a person · confidence 12%" in asked.stdout


def test_a_refusal_is_shown_and_is_no_success(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "nonsense")
    assert asked.exit_code == 1
    assert asked.stdout.splitlines()[:3] == ["You said: nonsense", "", "not answered"]
    assert "confidence" not in asked.stdout


def test_of_piped_questions_one_that_is_refused_does_not_stop_the_others(
    textwire: Command,
) -> None:
    with responder():
        asked = textwire("ask", "--json", stdin="nonsense\nhello?\n")
    answers = [msgspec.json.decode(line, type=Answer) for line in asked.stdout.splitlines()]
    assert [answer.outcome for answer in answers] == ["refused", "answered"]
    assert asked.exit_code == 1


def test_every_outcome_has_words() -> None:
    assert set(OUTCOMES) == set(get_args(AnswerOutcome))


def test_json_is_the_answer_as_it_is_on_the_topic(textwire: Command, unique_name: str) -> None:
    with responder():
        asked = textwire("ask", "--json", "--session", unique_name, "hello?")
    answer = msgspec.json.decode(asked.stdout, type=Answer)
    assert answer.session_id == unique_name
    assert answer.text == "You said: hello?"


def test_piped_questions_are_asked_in_one_session(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "--json", stdin="first\n\nsecond\n")
    answers = [msgspec.json.decode(line, type=Answer) for line in asked.stdout.splitlines()]
    assert [answer.text for answer in answers] == ["You said: first", "You said: second"]
    assert len({answer.session_id for answer in answers}) == 1


def test_an_answer_cannot_play_tricks_on_the_terminal(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "\x1b[2J[bold]red[/bold]")
    assert asked.stdout.startswith("You said: \\x1b[2J[bold]red[/bold]\n")


def test_silence_says_what_to_look_at(textwire: Command) -> None:
    with responder():
        asked = textwire("ask", "--timeout", "0.5", "silence")
    assert asked.exit_code == 1
    assert "No answer came within 0.5 s" in asked.stderr
    for verb in ("textwire status", "textwire logs", "textwire dead list support.questions"):
        assert verb in asked.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  ", "`text` has to be text of 1 to 8,000 characters."),
        ("x" * 8_001, "`text` has to be text of 1 to 8,000 characters."),
        ("caf\udce9", "it is not text in UTF-8."),
    ],
)
def test_what_is_no_question_is_not_sent(textwire: Command, text: str, told: str) -> None:
    asked = textwire("ask", text)
    assert asked.exit_code == 1
    assert asked.stderr == f"Error: This cannot be asked: {told}\n"
