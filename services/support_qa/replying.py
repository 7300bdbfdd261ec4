"""What the bot does about a message: answers, asks back, hands over, or just replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.support_qa.understanding import PERHAPS_ASKING, Understood
from textwire.support_qa.messages import Act, AnswerOutcome, HandoffReason, Turn
from textwire.support_qa.passage_index import Candidate

MOST_CHOICES = 3
# After these the bot offers a colleague, so a yes means one.
OFFERING: frozenset[Act] = frozenset({"complaint", "insult"})


class Found(NamedTuple):
    """What one search found, best first, and how sure it is that the first answers."""

    candidates: Sequence[Candidate]
    confidence: float


@dataclass(frozen=True)
class Bounds:
    """From which confidence on the bot answers, and from which it asks back."""

    answer: float
    ask_back: float


@dataclass(frozen=True)
class Reply:
    """What is done. `found` holds one search's findings for each question that is answered."""

    outcome: AnswerOutcome
    found: tuple[Found, ...] = ()
    reason: HandoffReason | None = None
    choices: tuple[str, ...] = ()
    again: bool = False  # whether the customer asked what was answered before

    @property
    def confidence(self) -> float:
        """Of the least sure of its answers."""
        return min((one.confidence for one in self.found), default=0.0)


def reply_to(
    message: Understood,
    text: str,
    before: Sequence[Turn],
    found: Sequence[Found],
    bounds: Bounds,
) -> Reply:
    """What to do about a message.

    Args: found: for each of `message.all_searches`.
    """
    if message.act == "wants_person" or (message.act == "yes" and _was_offered_colleague(before)):
        return _hand_over(before, "customer_asked", ())
    whole, parts = found[: len(message.searches)], found[len(message.searches) :]
    if answers := _each_answered(parts, bounds):
        return Reply("answered", answers)
    if not whole:
        return Reply("acknowledged")
    best = max(whole, key=lambda one: one.confidence)
    if best.candidates and best.confidence >= bounds.answer:
        return _answer(text, before, best)
    if message.foreign:
        return _hand_over(before, "low_confidence", (best,))
    if message.act in PERHAPS_ASKING:
        return Reply("acknowledged")
    if not best.candidates:
        return _hand_over(before, "no_knowledge", ())
    if best.confidence >= bounds.ask_back and _last_outcome(before) != "asked_back":
        return Reply("asked_back", (best,), choices=_choices(best.candidates))
    return _hand_over(before, "low_confidence", (best,))


def _answer(text: str, before: Sequence[Turn], best: Found) -> Reply:
    if not _said_to_the_same(text, before, best.candidates[0].passage.text):
        return Reply("answered", (best,))
    others = Found(best.candidates[1:], best.confidence)
    if not others.candidates:
        return _hand_over(before, "low_confidence", (best,))
    return Reply("asked_back", (best,), choices=_choices(others.candidates), again=True)


def _each_answered(parts: Sequence[Found], bounds: Bounds) -> tuple[Found, ...]:
    """Answers to different questions; empty unless there are two."""
    sure = [one for one in parts if one.candidates and one.confidence >= bounds.answer]
    different: dict[str, Found] = {}
    for one in sure:
        different.setdefault(one.candidates[0].passage.text, one)
    return tuple(different.values()) if len(different) > 1 else ()


def _hand_over(before: Sequence[Turn], reason: HandoffReason, found: tuple[Found, ...]) -> Reply:
    """A colleague is called once in a conversation; then they are waited for."""
    called = any(turn.outcome == "handed_over" for turn in before)
    return Reply("waiting" if called else "handed_over", found, reason)


def _choices(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    names = (c.passage.question or c.passage.title for c in candidates)
    return tuple(dict.fromkeys(name for name in names if name))[:MOST_CHOICES]


def _was_offered_colleague(before: Sequence[Turn]) -> bool:
    asked = next((turn for turn in reversed(before) if turn.role == "customer"), None)
    return asked is not None and asked.act in OFFERING and _last_outcome(before) == "acknowledged"


def _last_outcome(before: Sequence[Turn]) -> AnswerOutcome | None:
    return next((turn.outcome for turn in reversed(before) if turn.role == "bot"), None)


def _said_to_the_same(text: str, before: Sequence[Turn], passage: str) -> bool:
    """Whether the same words were answered with this passage before."""
    asked = {
        turn.question_id
        for turn in before
        if turn.role == "customer" and _plain(turn.text) == _plain(text)
    }
    return any(
        turn.role == "bot" and turn.question_id in asked and passage in turn.text for turn in before
    )


def _plain(text: str) -> str:
    return " ".join(text.lower().split()).rstrip("?!. ")
