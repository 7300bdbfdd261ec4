"""An attribution as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.explaining.attribution import Attribution, WordShare

BAR = 20


def heading(what: str, found: Attribution) -> str:
    """What is explained, of the text and of the same one without words."""
    return f"{what} {found.score:.3f}, without any word {found.empty:.3f}"


def lines(words: Sequence[WordShare], most: float | None = None) -> list[str]:
    """A line for each word, with a bar as long as it counts.

    Args: most: what a whole bar stands for; the largest share of these words if not given.
    """
    largest = most or max((abs(one.added) for one in words), default=0.0) or 1.0
    width = max((len(one.word) for one in words), default=0)
    return [
        f"{one.word:<{width}}  {one.added:+7.3f}  {_bar(one, largest)}".rstrip() for one in words
    ]


def misses(found: Attribution) -> list[str]:
    """How exact it is, and whether the model reads all of the text."""
    cut = ["What comes after the last word is beyond what the model reads."] * found.is_cut
    return [*cut, f"The parts miss the difference by {abs(found.missed):.3f}."]


def _bar(one: WordShare, largest: float) -> str:
    return ("+" if one.added > 0 else "-") * round(BAR * abs(one.added) / largest)
