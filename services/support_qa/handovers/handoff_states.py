"""The life of a handoff, as a function of what colleagues do.

    open ──take, or write──▶ taken by A ──close, hand back──▶ closed
     └────────────close, hand back───────────────────────────▶

Who comes second changes nothing. Another takes a conversation over from A by naming A, so that two
who do so at once do not take it from one another.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from textwire.errors import RecordRejected
from textwire.support_qa.messages import AgentReply, Handoff


def after_reply(handoff: Handoff | None, reply: AgentReply, at: datetime) -> Handoff:
    """The handoff after what a colleague did; the same where that leaves its state as it is.

    Args:   handoff: the last one of the session.
    Raises: RecordRejected: there is nothing to write into, or it is another's.
    """
    standing = _require_standing(handoff, reply)
    if _is_anothers(standing, reply):
        if reply.text or reply.ends:
            raise RecordRejected(
                f"{standing.agent} has the conversation of {reply.session_id}, so {reply.agent} "
                "cannot write into it. Take it over first: `takes_from` names who has it."
            )
        return standing
    if reply.ends:
        return replace(
            standing,
            state="closed",
            agent=reply.agent,
            changed_at=at,
            handed_back=reply.hands_back,
        )
    if standing.agent == reply.agent:
        return standing
    return replace(standing, state="taken", agent=reply.agent, changed_at=at)


def _require_standing(handoff: Handoff | None, reply: AgentReply) -> Handoff:
    if handoff is None or handoff.id != reply.handoff_id:
        raise RecordRejected(
            f"The session {reply.session_id} has no handoff {reply.handoff_id}, or has another "
            "since. Take `handoff_id` from the session's last record on support.handoffs."
        )
    if handoff.state == "closed":
        raise RecordRejected(
            f"The handoff {handoff.id} is closed: the bot answers again. What {reply.agent} did "
            "came too late, and the customer has not seen it."
        )
    return handoff


def _is_anothers(handoff: Handoff, reply: AgentReply) -> bool:
    return handoff.state == "taken" and handoff.agent not in (reply.agent, reply.takes_from)
