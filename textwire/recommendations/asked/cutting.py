"""A request's words without some parts of them."""

from __future__ import annotations

import re
from collections.abc import Sequence


def without(asked: str, taken: Sequence[tuple[int, int]]) -> str:
    """The words without the spans that are taken, which rise; with single blanks between them."""
    kept, at = [], 0
    for begin, end in taken:
        kept.append(asked[at:begin])
        at = end
    bare = re.sub(r"\s+", " ", " ".join([*kept, asked[at:]]))
    return re.sub(r" (?=[,;:.!?])", "", bare).strip(" ,;:.-")
