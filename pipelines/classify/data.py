"""What the pipeline learns from and is judged on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textwire.errors import DataError

LEAST_LEARNED = 10
LEAST_HELD_OUT = 4  # two to calibrate on and two to report on: fewer cannot be divided
NAMED = 5


@dataclass(frozen=True)
class ClassedText:
    """A text and its classes: one where each has one, otherwise any number."""

    text: str
    classes: frozenset[str]


@dataclass(frozen=True)
class ClassedTexts:
    """Texts in two parts: one to learn from, one to be judged on.

    classes   in the order of the model's columns.
    several   whether a text may have any number of them.
    repeated  rows that were left out, since they repeat another or spoiled something.
    """

    classes: tuple[str, ...]
    several: bool
    train: Sequence[ClassedText]
    held_out: Sequence[ClassedText]
    repeated: int = 0

    def checked(self) -> ClassedTexts:
        """Itself, when it can be used.

        Raises: DataError: a part is too small, there is nothing to tell apart, or a class has
                nothing to be learned from.
        """
        if len(self.train) < LEAST_LEARNED or len(self.held_out) < LEAST_HELD_OUT:
            raise DataError(
                f"{len(self.train)} texts are to be learned from and {len(self.held_out)} are held "
                f"out; at least {LEAST_LEARNED} and {LEAST_HELD_OUT} are needed, so some "
                f"{5 * LEAST_HELD_OUT} in all. Give more, or say which is which in a column "
                "`split`."
            )
        learned = Counter(name for text in self.train for name in text.classes)
        if len(self.classes) < (1 if self.several else 2):
            only = next(iter(self.classes), "without a class")
            raise DataError(f"All texts are {only}: there is nothing to tell apart.")
        without = [name for name in self.classes if not learned[name]]
        if without:
            raise DataError(
                f"No text that is learned from is {listed(without)}, so the classifier could not "
                "know it. Add examples, or leave the class out."
            )
        everywhere = [name for name in self.classes if learned[name] == len(self.train)]
        if everywhere:
            raise DataError(
                f"Every text that is learned from is {everywhere[0]}: a class that all have tells "
                "nothing. Leave it out, or add texts without it."
            )
        return self


def listed(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    every = list(names)
    more = len(every) - NAMED
    return ", ".join(every[:NAMED]) + (f" and {more} more" if more > 0 else "")
