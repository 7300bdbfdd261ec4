"""Two passages that answer one question in opposite ways, of which one must be out of date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textwire.support_qa.content_words import NUMBER, content, is_negated, words
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_texts import sentences

# How much of all words of two sentences, or of two headings, must be in both.
SAME_SENTENCE = 0.75
SAME_HEADING = 0.8
LEAST_WORDS = 3
# What is left of a confidence when nothing but the order of arrival says which of the two holds:
# they cannot both be right. Where dates say it, the newer is believed, if less than before.
UNDATED_FACTOR, DATED_FACTOR = 0.5, 0.9


@dataclass(frozen=True)
class Contradiction:
    """Of two passages the newer, and the older; `dated` where their dates say which is which."""

    newer: Passage
    older: Passage
    dated: bool

    @property
    def factor(self) -> float:
        """What a confidence in the newer is multiplied by."""
        return DATED_FACTOR if self.dated else UNDATED_FACTOR


def newest_first(
    candidates: Sequence[Candidate],
) -> tuple[Sequence[Candidate], Contradiction | None]:
    """The candidates, a newer one that contradicts the first in its place.

    Returns: the candidates, and what contradicts the one that is first now, if anything does.
    """
    if not candidates:
        return candidates, None
    first = candidates[0]
    against = [other for other in candidates[1:] if contradict(first.passage, other.passage)]
    if not against:
        return candidates, None
    newest = max((first, *against), key=_age)
    older = first if newest is not first else max(against, key=_age)
    dated = newest.passage.valid_from != older.passage.valid_from
    others = [candidate for candidate in candidates if candidate is not newest]
    return [newest, *others], Contradiction(newest.passage, older.passage, dated)


def contradict(one: Passage, other: Passage) -> bool:
    """Whether two passages answer one question in opposite ways, as far as their words show it.

    One says yes where the other says no, or two sentences say the same but for a "not" or a
    number.
    """
    if one.text == other.text or not _same_heading(one, other):
        return False
    leads = {_lead(one.text), _lead(other.text)}
    if leads == {"yes", "no"}:
        return True
    return any(
        _opposed(said, answered)
        for said in sentences(one.text)
        for answered in sentences(other.text)
    )


def _age(candidate: Candidate) -> tuple[float, int]:
    begun = candidate.passage.valid_from
    return (begun.timestamp() if begun else 0.0, candidate.arrived)


def _same_heading(one: Passage, other: Passage) -> bool:
    if not one.heading or not other.heading:
        return True
    return _overlap(content(one.heading), content(other.heading)) >= SAME_HEADING


def _opposed(one: str, other: str) -> bool:
    """Whether two sentences are the same but for a negation or for their numbers."""
    mine, others = content(one), content(other)
    if min(len(mine), len(others)) < LEAST_WORDS or _overlap(mine, others) < SAME_SENTENCE:
        return False
    numbers, other_numbers = set(NUMBER.findall(one)), set(NUMBER.findall(other))
    differ = bool(numbers) and bool(other_numbers) and numbers.isdisjoint(other_numbers)
    return differ or is_negated(one) != is_negated(other)


def _lead(text: str) -> str:
    lead = next(iter(words(text[:40])), "")
    return {"ja": "yes", "nein": "no"}.get(lead, lead)


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 0.0
