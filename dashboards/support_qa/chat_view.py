"""What the chat shows at a moment: it is drawn anew when that has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.config import DashboardSettings
from dashboards.markup import Pill
from dashboards.service_status import presence
from dashboards.support_qa.chat_html import desk_pill
from dashboards.support_qa.conversation import (
    Exchange,
    WaitingQuestion,
    exchanges,
    still_waiting,
)
from textwire.errors import Unavailable
from textwire.observing.reports import read_reports
from textwire.results.store import ResultStore
from textwire.support_qa.desk_results import read_handoff
from textwire.support_qa.parts import AnswerPart, read_parts
from textwire.support_qa.results import read_answers, read_turns

SERVICE = "support-qa"
NOT_REACHABLE = Pill("Not reachable", "waiting")


@dataclass(frozen=True)
class Unanswered:
    """A question that waits for its answer, and whether it does so for too long.

    so_far  how the answer begins, where a language model is wording it.
    """

    asked: WaitingQuestion
    late: bool
    so_far: str = ""

    @property
    def expected(self) -> bool:
        """Whether its answer may come any moment."""
        return not self.asked.problem and not self.late


@dataclass(frozen=True)
class ChatView:
    """Who is there, what was said and what waits; `trouble` says why nothing could be read."""

    presence: Pill
    said: tuple[Exchange, ...]
    waiting: tuple[Unanswered, ...]
    trouble: str = ""

    @property
    def expects_answer(self) -> bool:
        """Whether an answer may come any moment."""
        return any(one.expected for one in self.waiting)


def chat_view(
    results: Callable[[], ResultStore],
    session_id: str,
    waiting: Sequence[WaitingQuestion],
    said_before: tuple[Exchange, ...],
    now: datetime,
    settings: DashboardSettings,
) -> ChatView:
    """What there is to show now.

    Args: said_before: what is shown while nothing can be read.
    """

    def unanswered(
        asked: Sequence[WaitingQuestion], parts: Mapping[str, AnswerPart]
    ) -> tuple[Unanswered, ...]:
        return tuple(
            Unanswered(
                one,
                one.is_late(now, settings.answer_timeout_s),
                parts[one.question_id].text if one.question_id in parts else "",
            )
            for one in asked
        )

    try:
        store = results()
        state = presence(read_reports(store), SERVICE, now, settings.silent_after_s)
        turns = read_turns(store, session_id)
        answered = [turn.question_id for turn in turns if turn.role == "bot" and turn.question_id]
        said = exchanges(turns, read_answers(store, session_id, answered))
        still = still_waiting(waiting, turns)
        parts = read_parts(store, session_id) if still else {}
        who_is_there = desk_pill(read_handoff(store, session_id)) or state.pill
    except Unavailable as error:
        return ChatView(NOT_REACHABLE, said_before, unanswered(waiting, {}), trouble=str(error))
    return ChatView(who_is_there, tuple(said), unanswered(still, parts))
