"""What was said before a question."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from textwire.results.store import ResultStore
from textwire.support_qa.desk_results import read_handoffs
from textwire.support_qa.messages import Answer, Handoff, Question, Turn
from textwire.support_qa.results import KEPT_TURNS, answer_turns, read_turns

# What a person is handed. Fewer than are kept, so that a question that is read again, after later
# ones of its session were stored, still finds the same turns before it.
HANDED_TURNS = KEPT_TURNS - 10


class Conversations:
    """The sessions of one batch: as they are stored, and as the batch goes on with them."""

    def __init__(self, store: ResultStore, session_ids: Iterable[str]) -> None:
        """Read each session once.

        Raises: RedisUnavailable: the store is away.
        """
        sessions = set(session_ids)
        self._turns = {session: read_turns(store, session) for session in sessions}
        self._handoffs = read_handoffs(store, sessions)

    def before(self, question: Question) -> list[Turn]:
        """The turns before a question, oldest first.

        The question's own turns and all later ones are left out: they are there when the record is
        read a second time, or when a sender repeats an id, and must change nothing. What was
        refused is left out too: a batch is processed without it, and must see the same turns as
        its questions one by one. And where the bot kept quiet, it said nothing.
        """
        turns = self._turns[question.session_id]
        served = [turn for turn in turns if not turn.refused and turn.text]
        earlier = takewhile(lambda turn: turn.question_id != question.id, served)
        return list(earlier)[-HANDED_TURNS:]

    def standing(self, question: Question) -> Handoff | None:
        """The handoff that a colleague has, or is to take, when this question comes.

        One that was opened by this question, or by a later one, is left out as their turns are;
        once a colleague has taken it, it counts for whatever comes.
        """
        handoff = self._handoffs.get(question.session_id)
        if handoff is None or handoff.state == "closed":
            return None
        ids = [turn.question_id for turn in self._turns[question.session_id]]
        came_before = ids[: ids.index(question.id)] if question.id in ids else ids
        opened_later = question.id in ids and handoff.question_id not in came_before
        return None if handoff.state == "open" and opened_later else handoff

    def add(self, question: Question, answer: Answer, handoff: Handoff | None = None) -> None:
        """Go on, as the store will."""
        if handoff:
            self._handoffs[question.session_id] = handoff
        turns = [*self._turns[question.session_id], *answer_turns(question, answer)]
        self._turns[question.session_id] = turns[-KEPT_TURNS:]
