"""What a colleague does about a conversation, and whether it has shown its effect yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboards.connections import MessageSender
from dashboards.requests import Request, send_all
from dashboards.support_qa.desk_view import Conversation
from textwire.support_qa.messages import AgentReply, Handoff, Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE, SUPPORT_REPLIES

# What passages from here have as their source; `textwire knowledge remove --source desk` has all.
SOURCE = "desk"


@dataclass(frozen=True)
class SentReply(Request):
    """A reply under way."""

    reply: AgentReply

    def is_done(self, conversation: Conversation) -> bool:
        """Whether the conversation tells of it, or has gone on without it."""
        handoff = conversation.handoff
        if handoff.id != self.reply.handoff_id or handoff.state == "closed":
            return True
        if self.reply.text:
            return any(
                turn.role == "agent" and turn.at == self.reply.at for turn in conversation.turns
            )
        return not self.reply.ends and handoff.state == "taken"

    @property
    def words(self) -> str:
        """What is under way."""
        if self.reply.text:
            return self.reply.text
        return "Closing…" if self.reply.ends else "Taking it…"


def send_reply(
    handoff: Handoff,
    agent: str,
    now: datetime,
    sender: Callable[[], MessageSender],
    text: str | None = None,
    *,
    closes: bool = False,
    hands_back: bool = False,
    takes_from: str | None = None,
) -> SentReply:
    """Send what a colleague does, and say what became of it; without words or an end, they take it.

    Args: takes_from: who has the conversation, where it is taken over.
    """
    reply = AgentReply(
        session_id=handoff.session_id,
        handoff_id=handoff.id,
        agent=agent,
        text=text,
        takes=not (text or closes or hands_back),
        takes_from=takes_from,
        closes=closes,
        hands_back=hands_back,
        at=now,
    )
    problem = send_all([(SUPPORT_REPLIES, reply)], sender)
    return SentReply(reply=reply, asked_at=now, problem=problem)


def still_under_way(sent: Sequence[SentReply], conversation: Conversation) -> list[SentReply]:
    """Those whose effect does not show yet."""
    session = conversation.handoff.session_id
    return [
        one for one in sent if one.reply.session_id == session and not one.is_done(conversation)
    ]


def send_passage(
    passage_id: str, question: str, text: str, sender: Callable[[], MessageSender]
) -> str:
    """Have the bot know what a colleague wrote.

    Returns: why it could not be sent, or nothing.
    """
    passage = Passage(id=passage_id, question=question[:500], text=text, source=SOURCE)
    return send_all([(SUPPORT_KNOWLEDGE, passage)], sender)
