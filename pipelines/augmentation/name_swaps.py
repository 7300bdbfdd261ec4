"""Another name in the place of the one that a text is read for.

What is said of a company is not in its name: a model that sees each clause beside many names
learns the clause. Source: mention replacement, Dai and Adel 2020, arXiv:2010.11683.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

# Of ten texts that are read for somebody, half are read for somebody else.
SWAPPED = 0.5


class NameSwap:
    """Puts names of other texts before the mark between a name and what is said."""

    def __init__(self, texts: Iterable[str], between: str) -> None:
        """Collect the names.

        Args: texts: of which some begin with a name and the mark. between: the mark.
        """
        parted = (text.partition(between) for text in texts)
        self._names = sorted({name for name, mark, _ in parted if mark})
        self._between = between

    def __call__(self, text: str, rng: Random) -> str:
        """The text for another name; half of them, and those without a name, as they were."""
        _, mark, said = text.partition(self._between)
        if not mark or rng.random() >= SWAPPED:
            return text
        # A name that what is said holds too would be read for that other company.
        drawn = rng.sample(self._names, min(3, len(self._names)))
        chosen = next((name for name in drawn if name.strip() not in said), None)
        return text if chosen is None else f"{chosen}{mark}{said}"
