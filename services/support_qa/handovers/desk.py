"""What colleagues do about handoffs, and what people think of answers.

It has a loop of its own, so that what a colleague writes does not wait for a batch of questions.
The two write to one handoff by turns: one that is closed, or not there, is opened by the questions'
loop alone, and one that stands is changed by this one alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from services.support_qa.bot_words import BotWords
from services.support_qa.handovers.handoff_states import after_reply
from textwire.errors import RecordRejected
from textwire.results.store import ResultStore
from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Received, Result
from textwire.support_qa.analytics_results import judged_count_writes
from textwire.support_qa.desk_results import (
    STANDING_S,
    handoff_writes,
    read_handoffs,
    turn_writes,
    wait_writes,
)
from textwire.support_qa.feedback_results import (
    Judged,
    judged,
    judged_writes,
    read_feedback,
    reply_writes,
)
from textwire.support_qa.follow_ups import ASKING, LEANING, read_with_turns
from textwire.support_qa.messages import (
    AgentReply,
    Answer,
    AnswerOutcome,
    Feedback,
    Handoff,
    Turn,
)
from textwire.support_qa.results import read_answer, read_turns
from textwire.support_qa.topics import (
    SUPPORT_ANSWERS,
    SUPPORT_FEEDBACK,
    SUPPORT_HANDOFFS,
    SUPPORT_REPLIES,
)
from textwire.wire.topic import Topic

Clock = Callable[[], datetime]


class SupportDesk:
    """Folds replies into handoffs, and feedback into counts."""

    name = "support-desk"
    inputs: tuple[Topic, ...] = (SUPPORT_REPLIES, SUPPORT_FEEDBACK)
    model = ""
    batch_bytes = 1_000_000

    def __init__(
        self,
        store: ResultStore,
        words: BotWords,
        clock: Clock,
        kept_s: int,
        told_of: Callable[[Answer, Feedback], None] = lambda _answer, _feedback: None,
    ) -> None:
        """What the desk stands on.

        Args: words: what customers are told of colleagues.
              kept_s: how long a conversation stays once it is closed.
              told_of: told of each judgement, for figures.
        """
        self._store, self._words = store, words
        self._clock, self._kept_s = clock, kept_s
        self._told_of = told_of

    def process(self, batch: Sequence[Received]) -> list[Result]:
        """What each reply and each judgement leads to, one after the other.

        Raises: RecordRejected: a reply to what is closed or another's; feedback on no answer.
                RedisUnavailable: the store is away.
        """
        sessions = {received.message.session_id for received in batch}
        handoffs = read_handoffs(self._store, sessions)
        said: dict[tuple[str, str], dict[str, Judged]] = {}
        results = []
        for received in batch:
            message = received.message
            if isinstance(message, AgentReply):
                results.append(self._reply(message, handoffs))
            else:
                results.append(self._judge(message, said))
        return results

    def _reply(self, reply: AgentReply, handoffs: dict[str, Handoff]) -> Result:
        now = self._clock()
        before = handoffs.get(reply.session_id)
        after = after_reply(before, reply, now)
        if after is before and not reply.text:  # the state, to whoever came second
            return Result((Outgoing(SUPPORT_HANDOFFS, after),))
        handoffs[reply.session_id] = after
        # By the clock that the bot's answers go by, not the sender's: they stand on one topic.
        answers = self._answers(reply, before, after, now)
        changed = [] if after is before else [Outgoing(SUPPORT_HANDOFFS, after)]
        return Result(
            (*(Outgoing(SUPPORT_ANSWERS, one) for one in answers), *changed),
            tuple(self._writes(before, after, answers)),
        )

    def _answers(
        self, reply: AgentReply, before: Handoff | None, after: Handoff, at: datetime
    ) -> list[Answer]:
        """What the customer is told of it, in order."""
        others = self._words.others
        joins = before is None or before.agent != reply.agent
        told: list[tuple[AnswerOutcome, str]] = []
        if joins and not reply.text and not reply.ends:
            told.append(("waiting", _of(others.joined, reply.agent)))
        if reply.text:
            told.append(("replied", reply.text))
        if reply.ends:
            words = others.handed_back if reply.hands_back else others.ended
            told.append(("acknowledged", _of(words, reply.agent)))
        return [
            Answer(
                question_id=after.question_id,
                session_id=after.session_id,
                outcome=outcome,
                text=text,
                confidence=0.0,  # of the bot, which has looked nothing up
                sources=(),
                model=self.model,
                answered_at=at,
                agent=reply.agent if outcome == "replied" else None,
            )
            for outcome, text in told
        ]

    def _writes(
        self,
        before: Handoff | None,
        after: Handoff,
        answers: Sequence[Answer],
    ) -> list[Write]:
        kept_s = self._kept_s if after.state == "closed" else STANDING_S
        writes: list[Write] = []
        for answer in answers:
            writes += turn_writes(after.session_id, _turn(answer), kept_s)
            if answer.outcome == "replied":
                writes += reply_writes(_as_judged(answer, after))
        if after is not before:
            writes += handoff_writes(after, self._kept_s)
        if before is not None and before.state == "open" and after.changed_at:
            writes += wait_writes(before, after.changed_at)
        return writes

    def _judge(self, feedback: Feedback, said: dict[tuple[str, str], dict[str, Judged]]) -> Result:
        place = (feedback.session_id, feedback.question_id)
        answer = read_answer(self._store, *place)
        if answer is None or answer.outcome == "refused":
            raise RecordRejected(
                f"There is no answer to the question {feedback.question_id} of the session "
                f"{feedback.session_id} to judge: it was never given, or is kept no longer."
            )
        if place not in said:
            said[place] = read_feedback(self._store, *place)
        stood_on = tuple(source.passage_id for source in answer.sources)
        question = self._question(feedback)
        new = judged(feedback, question, stood_on, feedback.at or self._clock())
        old = said[place].get(feedback.by or "")
        said[place][feedback.by or ""] = new
        counted = judged_count_writes(answer, feedback.kind)
        if old and old.kind != "replied":
            counted += judged_count_writes(answer, old.kind, -1)
        self._told_of(answer, feedback)
        return Result((), (*judged_writes(new, old, self._kept_s), *counted))

    def _question(self, feedback: Feedback) -> str:
        """The question as it is searched; nothing where its turn is kept no longer."""
        turns = read_turns(self._store, feedback.session_id)
        asked = (
            turn
            for turn in turns
            if turn.role == "customer" and turn.question_id == feedback.question_id
        )
        turn = next(asked, None)
        return _searched(turns, turn) if turn else ""


def _of(words: str, agent: str) -> str:
    return words.replace("{agent}", agent)


def _turn(answer: Answer) -> Turn:
    """What the customer is told as a turn of nobody's question."""
    by_agent = answer.outcome == "replied"
    return Turn(
        role="agent" if by_agent else "bot",
        text=answer.text,
        at=answer.answered_at,
        outcome=answer.outcome,
        by=answer.agent,
    )


def _as_judged(answer: Answer, handoff: Handoff) -> Judged:
    """A colleague's words as what would have been the answer to what the customer wanted."""
    return Judged(
        session_id=answer.session_id,
        question_id=answer.question_id,
        question=_wanted(handoff.conversation),
        kind="replied",
        at=answer.answered_at,
        text=answer.text,
        by=answer.agent,
    )


def _wanted(turns: Sequence[Turn]) -> str:
    """The customer's last question: a wish for a person is none."""
    asking = [turn for turn in turns if turn.role == "customer" and _asks(turn)]
    return _searched(turns, asking[-1]) if asking else ""


def _searched(turns: Sequence[Turn], turn: Turn) -> str:
    """A question as it is searched, with those before it that it leans on."""
    leans = turn.act in LEANING
    return read_with_turns(turn.text, turns[: turns.index(turn)]) if leans else turn.text


def _asks(turn: Turn) -> bool:
    return (turn.act or "question") in ASKING
