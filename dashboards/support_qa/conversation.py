"""A conversation as the chat shows it: what was asked, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from dashboards.requests import Request
from textwire.support_qa.messages import Answer, Question, Turn

# A question says itself when it was asked; nobody has waited for longer.
LONGEST_WAIT = timedelta(days=1)


@dataclass(frozen=True)
class WaitingQuestion(Request):
    """A question whose answer is not here yet."""

    question: Question
    # No part of what is shown: nothing is drawn anew because it changed.
    sent: bool = field(default=False, compare=False)

    @property
    def question_id(self) -> str:
        """The question's id, which the page gave it."""
        return self.question.id or ""


@dataclass(frozen=True)
class Exchange:
    """A question with its answer; either may be missing, when it was forgotten or came alone."""

    asked: Turn | None
    said: Turn | None = None
    answer: Answer | None = None

    @property
    def question_id(self) -> str:
        """The id of the question; nothing where no turn has it."""
        turn = self.said or self.asked
        return (turn and turn.question_id) or ""

    @property
    def latency_ms(self) -> float | None:
        """From the question's time to the answer's."""
        if self.asked is None or self.answer is None:
            return None
        waited = self.answer.answered_at - self.asked.at
        if not timedelta() <= waited <= LONGEST_WAIT:
            return None  # two clocks that disagree say nothing
        return waited.total_seconds() * 1_000


def new_session_id() -> str:
    """An id that nobody can guess."""
    return uuid4().hex


def ask(session_id: str, text: str, now: datetime) -> WaitingQuestion:
    """A question to be sent, with an id to look for its answer."""
    question = Question(id=uuid4().hex, session_id=session_id, text=text, asked_at=now)
    return WaitingQuestion(question, asked_at=now)


def exchanges(turns: Sequence[Turn], answers: Mapping[str, Answer]) -> list[Exchange]:
    """Turns, oldest first, as questions with their answers.

    What was refused at first and served later, when its record was sent again, shows once.
    """
    served_at = {turn.question_id: at for at, turn in enumerate(turns) if not turn.refused}
    paired: list[Exchange] = []
    for at, turn in enumerate(turns):
        if turn.refused and at < served_at.get(turn.question_id, 0):
            continue
        if turn.role == "customer":
            paired.append(Exchange(asked=turn))
        elif paired and _replies(turn, paired[-1]):
            paired[-1] = Exchange(paired[-1].asked, turn, _answer_of(turn, answers))
        else:
            paired.append(Exchange(None, turn, _answer_of(turn, answers)))
    return paired


def told_apart(said: Sequence[Exchange]) -> Iterator[tuple[str, Exchange]]:
    """Each exchange with a name of its own: its question's id, numbered where one is repeated."""
    times: Counter[str] = Counter()
    for exchange in said:
        times[exchange.question_id] += 1
        yield f"{exchange.question_id}_{times[exchange.question_id]}", exchange


def still_waiting(
    waiting: Sequence[WaitingQuestion], turns: Sequence[Turn]
) -> list[WaitingQuestion]:
    """The questions that no turn tells of yet."""
    told = {turn.question_id for turn in turns}
    return [asked for asked in waiting if asked.question_id not in told]


def _answer_of(turn: Turn, answers: Mapping[str, Answer]) -> Answer | None:
    """The answer that a turn is of; a sender who repeats an id has the last one there."""
    answer = answers.get(turn.question_id or "")
    return answer if answer and (answer.outcome == "refused") == turn.refused else None


def _replies(turn: Turn, exchange: Exchange) -> bool:
    asked = exchange.asked
    return asked is not None and exchange.said is None and asked.question_id == turn.question_id
