"""What the bot does about a message: answers, asks back, hands over, or just replies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from services.support_qa.understanding.act_reading import HAS_PART, refuses_person
from services.support_qa.understanding.understanding import (
    DOUBTED,
    SURELY_ASKING,
    Understood,
    standing_choices,
)
from textwire.language import foreign_language
from textwire.rows.sections import PATH_SEPARATOR
from textwire.support_qa.content_words import content
from textwire.support_qa.messages import Act, AnswerOutcome, HandoffReason, Turn
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_texts import sentences as sentences_of

MOST_CHOICES = 3
# After these the bot offers a colleague, so a yes means one.
OFFERING: frozenset[Act] = frozenset({"complaint", "insult"})
# After something was asked back these say that none of it was meant.
DECLINING: frozenset[Act] = frozenset({"no", "refuses_person"})
# In a row; then a person takes over.
MOST_ASKED_BACK = 2
# What goes on from a wish for a person in so few words is about that: "are they coming?"
LITTLE = 2
WISHES: frozenset[Act | None] = frozenset({"wants_person", "yes"})
CALLED: frozenset[AnswerOutcome] = frozenset({"handed_over", "waiting"})

# "Larkpoints" may be no greeting: from so likely an answer on, it is asked back about.
MAY_BE_MEANT = 0.3


class Found(NamedTuple):
    """What one search found, best first, and how sure it is that the first answers.

    `sentences` of the first are what to answer with, where it is sure enough; empty where all of
    them were said before.
    """

    candidates: Sequence[Candidate]
    confidence: float
    sentences: tuple[str, ...] = ()


NOTHING_FOUND = Found((), 0.0)


@dataclass(frozen=True)
class Bounds:
    """From which confidence on the bot answers, and from which it asks back."""

    answer: float
    ask_back: float


@dataclass(frozen=True)
class Reply:
    """What is done. `found` holds one search's findings for each question that is answered.

    Acknowledged with something found: it was asked, but is not known, and nobody is to be called.

    unsure    the findings for another question of the message, of which the `choices` are.
    declined  whether the customer meant nothing of what was asked back.
    which     whether the customer said yes to more than one choice.
    """

    outcome: AnswerOutcome
    found: tuple[Found, ...] = ()
    reason: HandoffReason | None = None
    choices: tuple[str, ...] = ()
    again: bool = False  # whether the customer asked what was answered before
    rejected: bool = False  # whether the customer complained of the answer before
    unsure: tuple[Found, ...] = ()
    declined: bool = False
    which: bool = False

    @property
    def confidence(self) -> float:
        """Of the least sure of its answers."""
        return min((one.confidence for one in self.found), default=0.0)


def reply_to(
    message: Understood,
    before: Sequence[Turn],
    found: Sequence[Found],
    bounds: Bounds,
    language: str = "en",
) -> Reply:
    """What to do about a message.

    Args: found: for each of `message.all_searches`. language: the bot's own (ISO 639-1).
    """
    if (plain := _without_looking_up(message, before)) is not None:
        return plain
    whole, parts, leaning, rejected = _of_each_kind(message, found)
    if parts and (reply := _each_answered(parts, before, bounds, language)):
        return reply
    best = max(whole, key=lambda one: one.confidence, default=NOTHING_FOUND)
    best = next((one for one in leaning if _is_rather_meant(one, best, before, bounds)), best)
    if nearer := _nearer_to_what_was_asked(leaning, best, before):
        both = Found((nearer, *best.candidates), best.confidence)
        if _may_be_asked_back(both, before, bounds, language):
            return Reply("asked_back", (both,), choices=_choices(both.candidates, before, language))
    if message.corrects and _is_told(_text_of(best), _said(before)):
        return _what_else([best], before, language)
    if message.of_own and best.candidates:
        return _not_of_own_account(best, before, bounds, language)
    if _is_sure(best, bounds):
        answered = bool(best.sentences)
        return Reply("answered", (best,)) if answered else _ask_again(best, before, language)
    if message.act == "wants_person":
        return _hand_over(before, "customer_asked", ())
    if message.foreign:
        return _hand_over(before, "low_confidence", (best,))
    if not whole or not _is_asked_back_about(message, best):
        return _what_else(rejected, before, language)
    if message.distress == "grief" and not refuses_person(message.reading):
        return _hand_over(before, "low_confidence", (best,))
    if _may_be_asked_back(best, before, bounds, language):
        return Reply("asked_back", (best,), choices=_choices(best.candidates, before, language))
    if refuses_person(message.reading):
        return Reply("acknowledged", (best,))
    if not best.candidates:
        return _hand_over(before, "no_knowledge", ())
    return _hand_over(before, "low_confidence", (best,))


def _without_looking_up(message: Understood, before: Sequence[Turn]) -> Reply | None:
    """What is done whatever was found; None: that counts."""
    if message.distress == "danger":
        return _hand_over(before, "in_danger", ())
    if message.act == "yes" and _was_offered_colleague(before):
        return _hand_over(before, "customer_asked", ())
    choices = standing_choices(before) if _last_outcome(before) == "asked_back" else ()
    if message.act == "yes" and choices and _asked_back_in_a_row(before) < MOST_ASKED_BACK:
        return Reply("asked_back", choices=choices, which=True)
    if message.act in DECLINING and choices and not message.all_searches:
        return Reply("acknowledged", declined=True)
    if message.act == "follow_up" and _goes_on_from_a_wish_for_a_person(message, before):
        return Reply("waiting", reason="customer_asked")
    return None


def _goes_on_from_a_wish_for_a_person(message: Understood, before: Sequence[Turn]) -> bool:
    acts = [turn.act for turn in before if turn.role == "customer"]
    last = before[-1] if before else None
    called = last is not None and last.role == "bot" and last.outcome in CALLED and bool(acts)
    if not called or acts[-1] not in WISHES:
        return False
    return all(len(content(search.text)) <= LITTLE for search in message.searches)


def _is_rather_meant(leaning: Found, alone: Found, before: Sequence[Turn], bounds: Bounds) -> bool:
    """Whether what was asked before says which of the findings is meant: "what fees", of shares.

    It has to be one that the question finds alone too, and nothing that was told already: else
    "voucher?" after a question about points would find the points again.
    """
    near = [candidate.passage.text for candidate in alone.candidates]
    is_new = _text_of(leaning) in near and not _is_told(_text_of(leaning), _said(before))
    return is_new and _is_sure(leaning, bounds) and bool(leaning.sentences)


def _nearer_to_what_was_asked(
    leaning: Sequence[Found], alone: Found, before: Sequence[Turn]
) -> Candidate | None:
    """Of what a question finds alone, what is nearer than its best to what was asked before."""
    near = [candidate.passage.text for candidate in alone.candidates]
    new = (
        candidate
        for one in leaning
        for candidate in one.candidates
        if candidate.passage.text in near and not _is_told(candidate.passage.text, _said(before))
    )
    first = next(new, None)
    return first if first and first.passage.text != near[0] else None


def _said(before: Sequence[Turn]) -> list[str]:
    return [turn.text for turn in before if turn.role == "bot"]


def _not_of_own_account(
    best: Found, before: Sequence[Turn], bounds: Bounds, language: str
) -> Reply:
    """The bot sees no account: what it knows of the matter is offered, and is no sure answer."""
    best = best._replace(confidence=min(best.confidence, bounds.answer))
    if _may_be_asked_back(best, before, bounds, language):
        return Reply("asked_back", (best,), choices=_choices(best.candidates, before, language))
    return _hand_over(before, "low_confidence", (best,))


def _may_be_asked_back(best: Found, before: Sequence[Turn], bounds: Bounds, language: str) -> bool:
    """Whether it is worth more than a handover: not twice the same, and not without an end."""
    if not best.candidates or best.confidence < bounds.ask_back:
        return False
    if (asked := _asked_back_in_a_row(before)) == 0:
        return True
    offered = standing_choices(before)
    new = _choices(best.candidates[:1], before, language)
    return asked < MOST_ASKED_BACK and not set(new) & set(offered)


def _asked_back_in_a_row(before: Sequence[Turn]) -> int:
    outcomes = [turn.outcome for turn in reversed(before) if turn.role == "bot"]
    return next((n for n, one in enumerate(outcomes) if one != "asked_back"), len(outcomes))


def _what_else(rejected: Sequence[Found], before: Sequence[Turn], language: str) -> Reply:
    """An answer that was complained of is not given again: what else may have been meant."""
    said = _said(before)
    others = [c for one in rejected for c in one.candidates if not _is_told(c.passage.text, said)]
    choices = _choices(others, before, language)
    if not choices:
        return Reply("acknowledged")
    return Reply("asked_back", tuple(rejected), choices=choices, rejected=True)


def _is_asked_back_about(message: Understood, best: Found) -> bool:
    """Whether it asks, has so much of a question in it, or may mean what was found."""
    asks = message.act in SURELY_ASKING or message.reading.parts.get("question", 0) >= HAS_PART
    return asks or (message.act in DOUBTED and best.confidence >= MAY_BE_MEANT)


def _ask_again(best: Found, before: Sequence[Turn], language: str) -> Reply:
    """Where all that would be answered was said before."""
    others = [one for one in best.candidates if one.passage.text != best.candidates[0].passage.text]
    if not others:
        return _hand_over(before, "low_confidence", (best,))
    return Reply("asked_back", (best,), choices=_choices(others, before, language), again=True)


def _of_each_kind(
    message: Understood, found: Sequence[Found]
) -> tuple[Sequence[Found], list[Sequence[Found]], list[Found], list[Found]]:
    """What was found for the message, its questions, what it may lean on, and what it rejects."""
    each = iter(found)
    whole = list(islice(each, len(message.searches)))
    parts: list[Sequence[Found]] = [list(islice(each, len(part))) for part in message.parts]
    return whole, parts, list(islice(each, len(message.leaning))), list(each)


def _each_answered(
    parts: Sequence[Sequence[Found]], before: Sequence[Turn], bounds: Bounds, language: str
) -> Reply | None:
    """Answers to several questions, and choices for one that has none; None where none has."""
    different: dict[str, Found] = {}
    unsure: list[Found] = []
    for as_understood, *alone in parts:
        answers = [one for one in (as_understood, *alone) if _is_sure(one, bounds)]
        # Alone a question may be sure of something else than with the subject that it leans on.
        agreeing = [one for one in answers if _text_of(one) == _text_of(as_understood)]
        if agreeing and agreeing[0].sentences:
            different.setdefault(_text_of(agreeing[0]), agreeing[0])
        elif not any(_text_of(one) in different for one in answers):
            unsure.append(as_understood)
    if not different:
        return None
    asked_back = [one for one in unsure if one.confidence >= bounds.ask_back][:1]
    choices = _choices([c for one in asked_back for c in one.candidates], before, language)
    return Reply("answered", tuple(different.values()), choices=choices, unsure=tuple(asked_back))


def _is_sure(found: Found, bounds: Bounds) -> bool:
    return bool(found.candidates) and found.confidence >= bounds.answer


def _text_of(found: Found) -> str:
    return found.candidates[0].passage.text if found.candidates else ""


def _hand_over(before: Sequence[Turn], reason: HandoffReason, found: tuple[Found, ...]) -> Reply:
    """A colleague is called once in a conversation; then they are waited for."""
    called = any(turn.outcome == "handed_over" for turn in before)
    return Reply("waiting" if called else "handed_over", found, reason)


def _choices(
    candidates: Sequence[Candidate], before: Sequence[Turn], language: str
) -> tuple[str, ...]:
    """What may be meant: first what the customer was not told of, in the bot's language if any is.

    A heading stands without those above it, unless two would be called the same.
    """
    said = _said(before)
    untold_first = sorted(candidates, key=lambda c: _is_told(c.passage.text, said))
    named = [c.passage for c in untold_first if c.passage.heading]
    wholes = dict.fromkeys(passage.heading or "" for passage in named)
    last_parts = {whole: whole.rpartition(PATH_SEPARATOR)[2] for whole in wholes}
    shared = Counter(last_parts.values())
    names = [last if shared[last] == 1 else whole for whole, last in last_parts.items()]
    own = [name for name in names if not foreign_language(name, language)]
    return tuple(own or names)[:MOST_CHOICES]


def _is_told(text: str, said: Sequence[str]) -> bool:
    return any(sentence in one for sentence in sentences_of(text) for one in said)


def _was_offered_colleague(before: Sequence[Turn]) -> bool:
    customers = [place for place, turn in enumerate(before) if turn.role == "customer"]
    if not customers:
        return False
    act, earlier = before[customers[-1]].act, _last_outcome(before[: customers[-1]])
    told = _last_outcome(before)
    if act in DECLINING:
        return told == "acknowledged" and earlier == "asked_back"
    rejected = told == "asked_back" and earlier == "answered"
    return act in OFFERING and (told == "acknowledged" or rejected)


def _last_outcome(before: Sequence[Turn]) -> AnswerOutcome | None:
    return next((turn.outcome for turn in reversed(before) if turn.role == "bot"), None)
