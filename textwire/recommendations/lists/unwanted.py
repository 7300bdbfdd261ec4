"""What a request is not for: "a novel, no vampires please", "dinner without meat".

A vector of the whole request lies near to what it excludes, so that part is read by its words alone
and taken out of what is embedded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from textwire.recommendations.folding import folded

# Behind these stands what is not wanted.
_EXCLUDING = re.compile(
    r"\b(?:no|without|except(?:\s+for)?|excluding|hates?|dislikes?|nothing|allergic\s+to"
    r"|(?:do|does|can|could|would)(?:n?['’]?t|\s+not|not)\s+"
    r"(?:like|want|eat|need|stand|include|contain))\b"
)
_PASSED = """
with of to any the a an my too very like containing made from all some kind sort
"""
# What is not wanted ends here; `or` goes on to the next of it.
_ENDS = """
but and please for in on which that who as since because only more than if so thanks though although
i we he she it they you
"""
_PASSED_OVER, _ENDING = frozenset(_PASSED.split()), frozenset(_ENDS.split())
_GOING_ON = frozenset({"or", "nor"})
# "No idea what to give my father" excludes nothing.
_NO_THINGS = frozenset(
    {"idea", "ideas", "clue", "problem", "preference", "rush", "matter", "limit"}
)
_TOKEN = re.compile(r"[^\W_]+|[,.;:!?()]+")
# "no-stick" is a kind of pan, and "No. 5" a number.
_NO_WORD_BEHIND = re.compile(r"\s*[-.\d]|\s+\d")
# Of more words it is a sentence, and no name of a thing.
LONGEST = 3


class Parted(NamedTuple):
    """A request's words in two.

    wanted    as they were written, without what is excluded.
    unwanted  what is, each a thing of one to three words in small letters.
    """

    wanted: str
    unwanted: tuple[str, ...]


@lru_cache(maxsize=2_000)
def parted(asked: str) -> Parted:
    """What is wanted, and what is not; all is wanted where the rest would be no words at all."""
    plain = asked.casefold()
    if len(plain) != len(asked):  # a letter such as ß has two small ones: places would not fit
        plain = asked.lower()
    taken: list[tuple[int, int]] = []
    things: list[str] = []
    for found in _EXCLUDING.finditer(plain):
        if taken and found.start() < taken[-1][1]:
            continue
        if _NO_WORD_BEHIND.match(plain, found.end()):
            continue
        end, named = _what_follows(plain, found.end())
        if named and named[0].split()[0] not in _NO_THINGS:
            taken.append((found.start(), end))
            things += named
    wanted = _without(asked, taken)
    if not any(letter.isalnum() for letter in wanted):
        return Parted(asked.strip(), tuple(dict.fromkeys(things)))
    return Parted(wanted, tuple(dict.fromkeys(things)))


def wanted_part(asked: str | None) -> str:
    """What is embedded of a request's words; empty where there are none."""
    said = (asked or "").strip()
    return parted(said).wanted if said else ""


def _what_follows(plain: str, at: int) -> tuple[int, list[str]]:
    """Where what is not wanted ends, and what it is."""
    things: list[list[str]] = [[]]
    end = at
    for token in _TOKEN.finditer(plain, at):
        word = token[0]
        if word in _GOING_ON and things[-1]:
            things.append([])
        elif _ends(word, things[-1]):
            break
        elif word not in _PASSED_OVER:
            things[-1].append(word)
            end = token.end()
    return end, [" ".join(folded(word) for word in thing) for thing in things if thing]


def _ends(word: str, thing: list[str]) -> bool:
    """Whether a token stands behind what is not wanted."""
    if not word[0].isalnum() or word in _ENDING or len(thing) == LONGEST:
        return True
    return word in _PASSED_OVER and bool(thing)


def _without(asked: str, taken: list[tuple[int, int]]) -> str:
    kept, at = [], 0
    for begin, end in taken:
        kept.append(asked[at:begin])
        at = end
    return re.sub(r"\s+", " ", "".join([*kept, asked[at:]])).strip(" ,;:.-")
