"""An explanation as text for a terminal."""

from __future__ import annotations

from pipelines.explaining.attribution import Explanation

BAR = 20


def report(found: Explanation) -> str:
    """The class with its logit, then a line for each word in the order of the text."""
    most = max((abs(one.added) for one in found.words), default=0.0) or 1.0
    width = max((len(one.word) for one in found.words), default=0)
    lines = [
        f"{one.word:<{width}}  {one.added:+7.3f}  "
        + ("+" if one.added > 0 else "-") * round(BAR * abs(one.added) / most)
        for one in found.words
    ]
    return "\n".join(
        [
            f"{found.class_name}: logit {found.logit:.3f}, without any word {found.empty:.3f}",
            *(line.rstrip() for line in lines),
            f"The parts miss the difference by {abs(found.missed):.3f}.",
        ]
    )
