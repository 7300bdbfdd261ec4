"""The item that a request only compares with: "books like The Iron Crown, but for children".

Who names an item so knows it, and is after others. "Something like a rubber mallet" says what it is
to be, and a rubber mallet is just that; so does "like" after who likes: "I would like the mug".
"""

from __future__ import annotations

import re

from textwire.recommendations.folding import small_letters

_LIKES = "".join(
    rf"(?<!{one}\s)" for one in (r"\bi", r"\bwe", "they", "she", r"\bhe", "you", "who", r"\bto")
)
_LIKE = re.compile(
    rf"(?:{_LIKES}(?<!would\s)(?<!['’]d\s)(?<!not\s)(?<!t\s)\blike|\bsimilar\s+to"
    r"|\balong\s+the\s+lines\s+of|\bin\s+the\s+style\s+of)\s+(?!an?\s|some\s)"
    r"(?P<definite>(?:the|my|our|this|that)\s+)?(?P<rest>\S.*)"
)
_CONTRAST = re.compile(r"\b(?:but|only|just|except|without|though)\b")
# Of fewer words a title is what anything of the kind is called.
SHORTEST, SHORTEST_UNMARKED = 2, 3


def likened(asked: str) -> tuple[str, int]:
    """What stands behind "like", in small letters, and how many words a title there has to have.

    Empty where nothing is likened.
    """
    found = _LIKE.search(small_letters(asked))
    if found is None:
        return "", 0
    is_known = found["definite"] or _CONTRAST.search(found["rest"])
    said = f"{found['definite'] or ''}{found['rest']}"
    return said, SHORTEST if is_known else SHORTEST_UNMARKED
