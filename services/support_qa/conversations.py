"""What was said before a question."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile

from textwire.results.store import ResultStore
from textwire.support_qa.messages import Answer, Question, Turn
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
        self._turns = {session: read_turns(store, session) for session in set(session_ids)}

    def before(self, question: Question) -> list[Turn]:
        """The turns before a question, oldest first.

        The question's own turns and all later ones are left out: they are there when the record is
        read a second time, or when a sender repeats an id, and must change nothing. What was
        refused is left out too: a batch is processed without it, and must see the same turns as
        its questions one by one.
        """
        served = [turn for turn in self._turns[question.session_id] if not turn.refused]
        earlier = takewhile(lambda turn: turn.question_id != question.id, served)
        return list(earlier)[-HANDED_TURNS:]

    def add(self, question: Question, answer: Answer) -> None:
        """Go on, as the store will."""
        turns = [*self._turns[question.session_id], *answer_turns(question, answer)]
        self._turns[question.session_id] = turns[-KEPT_TURNS:]
