"""When a person has to take over, and what that person is given."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from services.support_qa.answering import as_sources, shortened
from textwire.support_qa.messages import Handoff, HandoffReason, Question, Turn
from textwire.support_qa.passage_index import Candidate

# Passages can be long, and a broker takes a megabyte; the agent sees what the customer was told.
TURN_CHARACTERS = 8_000
BOT_TURN_CHARACTERS = 2_000

PERSON = (
    r"(?:human|person|people|agent|someone|somebody|representative|rep|operator"
    r"|advis[eo]rs?|employees?|staff|colleague|member of staff|support team"
    r"|customer (?:service|support|care))"
)
A = r"(?:(?:an?|some|the|your|any|one of your|real|live|actual|human|support|service|proper) )*"
# English. A wrong yes costs a colleague's time, a wrong no the customer's patience.
ASKS_FOR_PERSON = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:speak|talk|chat|write) (?:to|with) {A}{PERSON}\b",
        rf"\b(?:connect|transfer|forward|pass|hand|put) me (?:\w+ )?(?:to|with) {A}{PERSON}\b",
        r"\bput me through\b",
        r"\b(?:real|live|actual) (?:person|human|agent|people|advis[eo]r|support|operator)\b",
        r"\b(?:want|need|get me|give me|like) (?:an? )?(?:human|agent|operator|representative)\b",
        r"\b(?:not|stop|no more|hate|than|enough of) (?:(?:talking|to|an?|the|this|these|your) )*"
        r"(?:chat)?(?:bot|robot|machine)s?\b",
        rf"^\W*(?:(?:please|hello|hi) )?{A}"
        r"(?:human|agent|operator|representative|person|live chat"
        r"|customer (?:service|support|care))"
        r"(?: (?:please|pls|plz|now|here|asap))*\W*$",
    )
)
DECLINES_PERSON = re.compile(
    r"\b(?:don't|dont|do not|won't|rather not|without|instead of|no need|not have) (?:\w+ ){0,3}?"
    r"(?:speak|talk|chat|write|speaking|talking|chatting|human|agent)\b",
    re.IGNORECASE,
)


def asks_for_person(text: str) -> bool:
    """Whether the customer asks, in English, for a person instead of the bot."""
    said = " ".join(text.replace("\u2019", "'").split())
    asks = any(pattern.search(said) for pattern in ASKS_FOR_PERSON)
    return asks and DECLINES_PERSON.search(said) is None


def reason_to_hand_over(
    text: str, candidates: Sequence[Candidate], confidence: float, threshold: float
) -> HandoffReason | None:
    """Why a person has to take over; None where the bot may answer."""
    if asks_for_person(text):
        return "customer_asked"
    if not candidates:
        return "no_knowledge"
    return "low_confidence" if confidence < threshold else None


def write_handoff(
    question: Question,
    reason: HandoffReason,
    before: Sequence[Turn],
    asked: Turn,
    candidates: Sequence[Candidate],
) -> Handoff:
    """What the person is given: the conversation with this question last, and what was found.

    Its id holds session and question: senders number questions as they like, and two sessions
    that both have a question "1" are two handoffs, while a repeat of one is the same.
    """
    return Handoff(
        id=f"{question.session_id}/{question.id}",
        session_id=question.session_id,
        question_id=question.id or "",
        reason=reason,
        conversation=tuple(_bounded(turn) for turn in (*before, asked)),
        candidates=as_sources(candidates),
    )


def _bounded(turn: Turn) -> Turn:
    most = TURN_CHARACTERS if turn.role == "customer" else BOT_TURN_CHARACTERS
    return replace(turn, text=shortened(turn.text, most))
