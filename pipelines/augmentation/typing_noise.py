"""Texts as hurried thumbs type them: keys missed, letters swapped, doubled or left out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

# A QWERTY keyboard: a key is missed for one beside it.
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Of ten texts so many are disturbed at all, and of a disturbed one about every twelfth letter.
DISTURBED = 0.35
LETTERS_PER_SLIP = 12


def _neighbours() -> dict[str, str]:
    beside: dict[str, set[str]] = {letter: set() for row in ROWS for letter in row}
    for row, keys in enumerate(ROWS):
        for at, key in enumerate(keys):
            near = [*keys[max(0, at - 1) : at], *keys[at + 1 : at + 2]]
            if row:
                near += ROWS[row - 1][at : at + 2]
            for other in near:
                beside[key].add(other)
                beside[other].add(key)
    return {key: "".join(sorted(others)) for key, others in beside.items()}


NEIGHBOURS = _neighbours()


def as_typed(text: str, rng: Random) -> str:
    """A text as somebody in a hurry may have typed it; most are as they were."""
    if rng.random() >= DISTURBED:
        return text
    return rng.choice(WAYS)(text, rng)


def with_slips(text: str, rng: Random) -> str:
    """Letters missed, swapped with the next, left out or doubled."""
    letters = list(text)
    for _ in range(max(1, len(letters) // LETTERS_PER_SLIP)):
        at = rng.randrange(len(letters)) if letters else 0
        if at < len(letters) and letters[at].isalpha():
            rng.choice(SLIPS)(letters, at, rng)
    return "".join(letters)


def without_case(text: str, _: Random) -> str:
    """All small."""
    return text.lower()


def in_capitals(text: str, _: Random) -> str:
    """All large."""
    return text.upper()


def without_marks(text: str, _: Random) -> str:
    """Without punctuation at the end, and without commas and apostrophes."""
    return text.rstrip("?!. ").replace(",", "").replace("'", "")


def _missed(letters: list[str], at: int, rng: Random) -> None:
    letters[at] = rng.choice(NEIGHBOURS.get(letters[at].lower(), letters[at]))


def _swapped(letters: list[str], at: int, _: Random) -> None:
    if at + 1 < len(letters):
        letters[at], letters[at + 1] = letters[at + 1], letters[at]


def _left_out(letters: list[str], at: int, _: Random) -> None:
    del letters[at]


def _doubled(letters: list[str], at: int, _: Random) -> None:
    letters.insert(at, letters[at])


SLIPS: tuple[Callable[[list[str], int, Random], None], ...] = (
    _missed,
    _swapped,
    _left_out,
    _doubled,
)
# Slips are commonest.
WAYS: tuple[Callable[[str, Random], str], ...] = (
    with_slips,
    with_slips,
    with_slips,
    without_case,
    without_marks,
    in_capitals,
)
