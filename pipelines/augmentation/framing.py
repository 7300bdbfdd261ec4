"""What a classifier reads, taken apart: words of people, and what a pipeline put around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple


class Parts(NamedTuple):
    """A text in three: what is said in it stands between what a pipeline put around it."""

    before: str
    said: str
    after: str


def whole(text: str) -> Parts:
    """Nothing was put around it."""
    return Parts("", text, "")


@dataclass(frozen=True)
class Framing:
    """How a pipeline puts together what its model reads.

    parts       finds what is said in a text.
    after_name  the mark between a name and what is said of it; "" where texts are read for nobody.
    """

    parts: Callable[[str], Parts] = whole
    after_name: str = ""


AS_IT_IS = Framing()
