"""What the agent desk shows at a moment: it is drawn anew when that has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboards.markup import shortened
from dashboards.support_qa.conversation import Exchange, exchanges
from textwire.errors import Unavailable
from textwire.results.store import ResultStore
from textwire.support_qa.desk_results import (
    read_handoff,
    read_handoffs,
    read_queue,
    read_suggestions,
    usual_wait,
)
from textwire.support_qa.messages import Handoff, Source, Turn
from textwire.support_qa.results import read_answers, read_turns

# What one looks through; whoever came later shows as others are closed.
MOST_LISTED = 50
SUBJECT_CHARACTERS = 110
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Waiting:
    """A conversation in the queue; `minutes` is how long it has waited, or was with a colleague."""

    session_id: str
    subject: str
    reason: str
    minutes: int
    agent: str | None


@dataclass(frozen=True)
class Conversation:
    """The one that is looked at: its handoff, all that was said, and what may help to answer."""

    handoff: Handoff
    said: tuple[Exchange, ...]
    suggestions: tuple[Source, ...]

    @property
    def turns(self) -> list[Turn]:
        """Everything that was said, in order."""
        pairs = ((exchange.asked, exchange.said) for exchange in self.said)
        return [turn for pair in pairs for turn in pair if turn]


@dataclass(frozen=True)
class DeskView:
    """The queue, the conversation that was chosen, and why nothing can be read, if so.

    `listed` are those of the queue that show, of `queued`; `usual_minutes` is how long the last
    customers waited.
    """

    listed: tuple[Waiting, ...] = ()
    queued: int = 0
    usual_minutes: int | None = None
    chosen: Conversation | None = None
    trouble: str = ""


def desk_view(
    results: Callable[[], ResultStore], chosen: str | None, before: DeskView, now: datetime
) -> DeskView:
    """What there is to show now.

    Args: chosen: the session that is looked at. before: what stays while nothing can be read.
    """
    try:
        store = results()
        queue = read_queue(store)
        handoffs = read_handoffs(store, queue[:MOST_LISTED])
        wait = usual_wait(store)
        return DeskView(
            listed=tuple(
                _waiting(handoffs[session], now) for session in queue if session in handoffs
            ),
            queued=len(queue),
            usual_minutes=None if wait is None else _minutes(wait),
            chosen=_conversation(store, chosen) if chosen else None,
        )
    except Unavailable as error:
        return replace(before, trouble=str(error))


def _waiting(handoff: Handoff, now: datetime) -> Waiting:
    since = handoff.changed_at or handoff.opened_at or now
    return Waiting(
        session_id=handoff.session_id,
        subject=shortened(handoff.summary or "No words yet", SUBJECT_CHARACTERS),
        reason=handoff.reason,
        minutes=_minutes(now - since),
        agent=handoff.agent if handoff.state == "taken" else None,
    )


def _conversation(store: ResultStore, session_id: str) -> Conversation | None:
    handoff = read_handoff(store, session_id)
    if handoff is None:
        return None
    turns = _all_turns(handoff, read_turns(store, session_id))
    ids = [turn.question_id for turn in turns if turn.role == "bot" and turn.question_id]
    said = tuple(exchanges(turns, read_answers(store, session_id, ids)))
    found = read_suggestions(store, session_id) or handoff.candidates or _last_sources(said)
    return Conversation(handoff, said, found)


def _last_sources(said: Sequence[Exchange]) -> tuple[Source, ...]:
    """What the bot answered with last: where the customer only asked for a person after it."""
    answers = [exchange.answer for exchange in reversed(said) if exchange.answer]
    return next((answer.sources for answer in answers if answer.sources), ())


def _all_turns(handoff: Handoff, kept: Sequence[Turn]) -> list[Turn]:
    """The turns that are kept; before them, those that only the handoff still has."""
    if not kept:
        return list(handoff.conversation)
    return [*(turn for turn in handoff.conversation if turn.at < kept[0].at), *kept]


def _minutes(wait: timedelta) -> int:
    return max(0, wait // MINUTE)
