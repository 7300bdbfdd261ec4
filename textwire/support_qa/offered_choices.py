"""Which of the choices that the bot offered a customer takes, by its name or by its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

PLACES = (
    ("first", "1st", "one", "1", "top"),
    ("second", "2nd", "two", "2", "middle"),
    ("third", "3rd", "three", "3", "bottom"),
)
LAST = "last"
BY_PLACE = re.compile(
    r"(?:(?:ok(?:ay)?|yes|yeah|yep|hm+|um|uh|i mean|i meant|it'?s|that'?s|rather)[,.]? )*"
    r"(?:the |no\.? ?|nr\.? ?|number |option |answer |question |# ?)*"
    rf"({'|'.join(name for names in PLACES for name in names)}|{LAST})"
    r"(?: one| question| option)?(?: of (?:them|these|those|the three|the two))?"
    r"(?:,? (?:please|pls|plz|then|i think|thanks))*[.!)]*",
    re.IGNORECASE,
)
YES = re.compile(
    r"(?:yes|yeah|yep|yup|correct|exactly|right|that one|this one|that'?s (?:it|the one))"
    r"(?:,? (?:please|pls|that one|this one|that'?s it|exactly))*[.!]*",
    re.IGNORECASE,
)


def choice_taken(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a message names, or points to; None where it says something else."""
    said = " ".join(text.split())
    if named := next((one for one in choices if " ".join(one.split()) == said), None):
        return named
    if len(choices) == 1 and YES.fullmatch(said):
        return choices[0]
    pointed = BY_PLACE.fullmatch(said)
    return _at_place(pointed[1].lower(), choices) if pointed and choices else None


def points_at_choice(text: str) -> bool:
    """Whether it says no more than "the second one", which means nothing where none was offered."""
    return BY_PLACE.fullmatch(" ".join(text.split())) is not None


def _at_place(name: str, choices: Sequence[str]) -> str | None:
    if name == LAST:
        return choices[-1]
    place = next(place for place, names in enumerate(PLACES) if name in names)
    return choices[place] if place < len(choices) else None
