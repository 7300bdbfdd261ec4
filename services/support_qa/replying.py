"""What the bot does about a message: answers, asks back, hands over, or just replies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from services.support_qa.understanding import PERHAPS_ASKING, Understood
from textwire.support_qa.messages import Act, AnswerOutcome, HandoffReason, Turn
from textwire.support_qa.passage_index import Candidate

MOST_CHOICES = 3
# After these the bot offers a colleague, so a yes means one.
OFFERING: frozenset[Act] = frozenset({"complaint", "insult"})


# A complaint of which this much is a question is asked back about, as a question would be.
HAS_QUESTION = 0.5


class Found(NamedTuple):
    """What one search found, best first, and how sure it is that the first answers.

    `sentences` of the first are what to answer with, where it is sure enough; empty where all of
    them were said before.
    """

    candidates: Sequence[Candidate]
    confidence: float
    sentences: tuple[str, ...] = ()


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
    before: Sequence[Turn],
    found: Sequence[Found],
    bounds: Bounds,
) -> Reply:
    """What to do about a message.

    Args: found: for each of `message.all_searches`.
    """
    if message.act == "wants_person" or (message.act == "yes" and _was_offered_colleague(before)):
        return _hand_over(before, "customer_asked", ())
    whole, parts = _of_whole_and_parts(message, found)
    if answers := _each_answered(parts, bounds):
        return Reply("answered", answers)
    if not whole:
        return Reply("acknowledged")
    best = max(whole, key=lambda one: one.confidence)
    if best.candidates and best.confidence >= bounds.answer:
        return Reply("answered", (best,)) if best.sentences else _ask_again(best, before)
    if message.foreign:
        return _hand_over(before, "low_confidence", (best,))
    if message.act in PERHAPS_ASKING and message.reading.parts.get("question", 0) < HAS_QUESTION:
        return Reply("acknowledged")
    if not best.candidates:
        return _hand_over(before, "no_knowledge", ())
    if best.confidence >= bounds.ask_back and _last_outcome(before) != "asked_back":
        return Reply("asked_back", (best,), choices=_choices(best.candidates))
    return _hand_over(before, "low_confidence", (best,))


def _ask_again(best: Found, before: Sequence[Turn]) -> Reply:
    """Where all that would be answered was said before."""
    others = [one for one in best.candidates if one.passage.text != best.candidates[0].passage.text]
    if not others:
        return _hand_over(before, "low_confidence", (best,))
    return Reply("asked_back", (best,), choices=_choices(others), again=True)


def _of_whole_and_parts(
    message: Understood, found: Sequence[Found]
) -> tuple[Sequence[Found], list[Sequence[Found]]]:
    """What was found for the message, and for each question in it."""
    each = iter(found)
    whole = list(islice(each, len(message.searches)))
    return whole, [list(islice(each, len(part))) for part in message.parts]


def _each_answered(parts: Sequence[Sequence[Found]], bounds: Bounds) -> tuple[Found, ...]:
    """Answers to different questions; empty unless there are two.

    Of a question's searches the last that is sure counts, and that answers none before it: read
    with the first question, if that leads to something, and else alone.
    """
    different: dict[str, Found] = {}
    for searches in parts:
        sure = [
            one
            for one in searches
            if one.sentences
            and one.confidence >= bounds.answer
            and one.candidates[0].passage.text not in different
        ]
        if sure:
            different[sure[-1].candidates[0].passage.text] = sure[-1]
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
