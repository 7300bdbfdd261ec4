"""The HTML of the agent desk: the queue, the head of a conversation, what is suggested."""

from __future__ import annotations

from dataclasses import dataclass

from dashboards.markup import Pill, shortened
from dashboards.rendering import render
from dashboards.support_qa.desk_view import DeskView, Waiting
from dashboards.wording import counted
from textwire.support_qa.messages import Handoff, HandoffReason, Source

REASONS: dict[HandoffReason, str] = {
    "low_confidence": "Bot was not sure",
    "customer_asked": "Asked for a person",
    "no_knowledge": "Nothing was known",
    "in_danger": "Somebody may be in danger",
}
EXCERPT_CHARACTERS = 260
# From here on whoever waits is waiting for long.
LONG_WAIT_MINUTES = 10


@dataclass(frozen=True)
class RowView:
    """A row of the queue."""

    subject: str
    reason: str
    state: Pill
    chosen: bool


def desk_head(view: DeskView) -> str:
    """How many wait, and for how long people usually do."""
    open_ones = sum(row.agent is None for row in view.listed)
    taken = len(view.listed) - open_ones
    others = view.queued - len(view.listed)
    parts = [
        f"{open_ones} waiting",
        f"{taken} in hand",
        *([f"{others} more"] if others > 0 else []),
    ]
    if view.usual_minutes is not None:
        parts.append(f"usual wait {minutes_words(view.usual_minutes)}")
    return render("support_qa/desk_head.html", note=" · ".join(parts))


def queue_row(row: Waiting, me: str, chosen: bool) -> str:
    """A conversation: what it is about, why it is here, who has it."""
    shown = RowView(row.subject, _reason(row.reason), state_pill(row, me), chosen)
    return render("support_qa/desk_row.html", row=shown)


def state_pill(row: Waiting, me: str) -> Pill:
    """Who has it, or how long it has waited."""
    if row.agent is None:
        is_urgent = row.minutes >= LONG_WAIT_MINUTES or row.reason == "in_danger"
        return Pill(f"waiting {minutes_words(row.minutes)}", "bad" if is_urgent else "waiting")
    return Pill("yours", "good") if row.agent == me else Pill(f"with {row.agent}", "quiet")


def conversation_head(handoff: Handoff, me: str) -> str:
    """What the customer wants, why a person was called, who has it."""
    return render(
        "support_qa/desk_conversation.html",
        summary=handoff.summary or "No words yet",
        reason=_reason(handoff.reason),
        state=handoff_pill(handoff, me),
    )


def handoff_pill(handoff: Handoff, me: str) -> Pill:
    """Its state, as one colleague sees it."""
    if handoff.state == "open":
        return Pill("nobody has it yet", "waiting")
    if handoff.state == "closed":
        ended = "handed back by" if handoff.handed_back else "closed by"
        return Pill(f"{ended} {'you' if handoff.agent == me else handoff.agent}", "quiet")
    return (
        Pill("yours", "good") if handoff.agent == me else Pill(f"{handoff.agent} has it", "quiet")
    )


def suggestion(source: Source) -> str:
    """A passage that may answer the customer."""
    return render(
        "support_qa/desk_suggestion.html",
        title=source.title or source.passage_id,
        excerpt=shortened(source.text, EXCERPT_CHARACTERS),
    )


def sending(words: str) -> str:
    """A reply under way."""
    return render("support_qa/desk_sending.html", text=words)


def minutes_words(minutes: int) -> str:
    """A wait, to the minute: `under a minute`, `4 min`, `2 h`."""
    if minutes < 1:
        return "under 1 min"
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else counted(minutes // (24 * 60), "day")


def _reason(reason: str) -> str:
    return next((words for name, words in REASONS.items() if name == reason), reason)
