"""Whether a name belongs to a place, a body, a person or a thing, by the words beside it.

"Mount Olympus", "Ford Foundation", "SAS troops", "high BP": no company is meant, however the name
is written.
"""

from __future__ import annotations

import re

from textwire.sentiment_alerts.folding import lower
from textwire.sentiment_alerts.linking.words import (
    BODIES_OF_TEACHING,
    COMPANY_ACTS,
    GIVEN_NAMES,
    INSTITUTIONS,
    LEVELS,
    MEASURED_BY,
    OWN,
    PLACES_AND_SHIPS,
    TROOPS,
)

NEXT_WORD = re.compile(r"(?:'s)?\s([^\W\d_]+)")
LAST_WORD = re.compile(r"([^\W\d_][^\s]*)\s$")
FORMERLY = re.compile(
    r"\b(?:formerly|previously)\s(?:(?:known|traded|trading|branded)\sas\s|called\s|named\s)?$",
    re.IGNORECASE,
)
# "BP", "GI": longer ones are seldom short for what people have and measure.
MEASURED_CHARACTERS = 3


def names_an_institution(text: str, end: int) -> bool:
    """Whether a place or a body bears the name that ends there: "Ford Foundation"."""
    following = NEXT_WORD.match(text, end)
    if following is None or text[end : end + 2] == "'s":
        return False
    word = following[1]
    low = lower(word)
    if low in TROOPS:
        return text[following.end() : following.end() + 4] != " on "  # "TUI soldiers on"
    return (word[0].isupper() and low in INSTITUTIONS) or low in BODIES_OF_TEACHING


def is_of_a_place_or_ship(text: str, start: int) -> bool:
    """Whether what stands before a name makes it one: "Mount Olympus", "HMS Pandora"."""
    before = LAST_WORD.search(text, max(0, start - 30), start)
    word = before[1].rstrip(".") if before else ""
    return word[:1].isupper() and lower(word) in PLACES_AND_SHIPS


def is_measured(text: str, start: int, end: int) -> bool:
    """Whether short capitals are what somebody has: "high BP", "their BP", "BP readings"."""
    said = text[start:end]
    if not said.isupper() or len(said) > MEASURED_CHARACTERS:
        return False
    before = LAST_WORD.search(text, max(0, start - 30), start)
    following = NEXT_WORD.match(text, end)
    if following and lower(following[1]) in MEASURED_BY:
        return True
    if before is None or (following and lower(following[1]) in COMPANY_ACTS):
        return False
    return lower(before[1]) in LEVELS or lower(before[1]) in OWN


def was_called_so(text: str, start: int) -> bool:
    """Whether something bore the name once: "Evri, formerly Hermes"."""
    return FORMERLY.search(text, max(0, start - 40), start) is not None


def begins_a_persons_name(text: str, end: int) -> bool:
    """Whether a given name follows as a surname in a list of people: "Elis James and John"."""
    following = NEXT_WORD.match(text, end)
    if following is None or text[end] != " " or lower(following[1]) not in GIVEN_NAMES:
        return False
    listed = re.match(r",? (?:and|&) ([A-Z][a-z]+)", text[following.end() :])
    return listed is not None and lower(listed[1]) in GIVEN_NAMES
