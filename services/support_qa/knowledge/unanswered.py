"""What customers asked in vain, for the team to see."""

from __future__ import annotations

from services.support_qa.replying.replying import Reply
from services.support_qa.understanding.understanding import ASKING, Understood
from textwire.support_qa.knowledge_results import Unanswered
from textwire.support_qa.messages import Answer, AnswerOutcome, Question

NOT_ANSWERED: frozenset[AnswerOutcome] = frozenset({"asked_back", "handed_over", "waiting"})


def unanswered(
    question: Question, message: Understood, reply: Reply, answer: Answer
) -> Unanswered | None:
    """A question as it was searched, where nothing was found for it that is sure enough."""
    asks = message.act in ASKING and bool(message.searches)
    in_vain = reply.outcome in NOT_ANSWERED or (reply.outcome == "acknowledged" and reply.found)
    is_open = in_vain and reply.reason != "customer_asked"
    # No passage could answer these.
    is_personal = message.of_own or message.distress is not None
    if not (asks and is_open) or is_personal or reply.again or reply.rejected:
        return None
    follows = message.act == "follow_up"
    return Unanswered(
        session_id=question.session_id,
        question_id=question.id or "",
        question=message.searches[0].whole if follows else question.text,
        outcome=answer.outcome,
        confidence=answer.confidence,
        at=answer.answered_at,
    )
