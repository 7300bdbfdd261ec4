"""What is asked for by its words: which of them name the thing itself, and which items name them.

The thing is the last word before the first preposition, as in "welding gloves for small hands"; the
words before it and behind say which one. Vectors alone take a road safety triangle for safety
gloves, and miss an item whose long title has the very word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.folding import folded
from textwire.recommendations.messages import Item

# The word for the thing counts as much as two that say which one.
THING = 2.0
# From so many letters on, a word is also found where it begins a longer one.
BEGINNING = 5
_PREPOSITIONS = """
for of with without to in into on onto at from by under over against like that which and or than
about as
"""
# Of wishes, and of what is said of anything.
_EMPTY = """
a an the some any my your our his her their its this these those i we you he she they it me us
please need needs want wants looking look find show get buy would could can something anything thing
things stuff good best nice great cheap cheapest new really very more few lot is are be have has do
does what where there who s t m d re ve ll not
"""
PREPOSITIONS, SAYS_NOTHING = frozenset(_PREPOSITIONS.split()), frozenset(_EMPTY.split())
SHORTEST_ROOT = 3
_VOWEL = re.compile(r"[aeiouy]")
_WORD = re.compile(r"[^\W_]+")
# Behind the last word of a name: nothing, a mark that parts, a number, or a preposition.
_ENDS_A_NAME = re.compile(
    rf"\s*(?:$|[,;:|/()\[\].–—]|\d|-\s|(?:{'|'.join(sorted(PREPOSITIONS))})\b)"
)


class AskedWords(NamedTuple):
    """Stems of the words that say something.

    thing   what is asked for; None where nothing is named.
    kind    the words before it: of ear plugs the ear.
    others  the words behind a preposition, that say what it is to be like or for.
    """

    thing: str | None
    kind: tuple[str, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, asked: str) -> AskedWords:
        """The words of a request."""
        groups: list[list[str]] = [[]]
        for word in _WORD.findall(folded(asked)):
            if word in PREPOSITIONS:
                groups.append([])
            elif word not in SAYS_NOTHING:
                groups[-1].append(stem(word))
        named = [group for group in groups if group]
        if not named:
            return cls(None, (), ())
        *kind, thing = named[0]
        others = dict.fromkeys(one for group in named[1:] for one in group)
        return cls(
            thing,
            tuple(one for one in dict.fromkeys(kind) if one != thing),
            tuple(one for one in others if one not in named[0]),
        )

    def name_the_thing_of(self, text: str) -> bool:
        """Whether the thing is named in a text, and the kind of it that is asked for."""
        words = _words_of(text)
        named = (self.thing, *self.kind)
        return all(one is not None and self._has(one, words) for one in named)

    def thing_in(self, text: str) -> str | None:
        """The word by which a title says that it is the thing; None where it does not.

        Of "Work gloves, nitrile coated" the gloves; of "Pan-head screws" not the pan, since it says
        what the screws are like.
        """
        return _name_in(text, (self.thing,))

    def kind_in(self, text: str) -> str | None:
        """The same of a word that says which kind: "Bread from Scratch", where bread baking is."""
        return _name_in(text, self.kind)

    def word_of(self, asked: str, text: str) -> str | None:
        """A word of the request, as it is written there, that a text has; None where none is."""
        words, sought = _words_of(text), {self.thing, *self.kind, *self.others}
        stems = ((word, stem(folded(word))) for word in _WORD.findall(asked))
        return next((word for word, one in stems if one in sought and self._has(one, words)), None)

    def part_in(self, text: str) -> float:
        """How much of what was asked for a text names, in [0, 1]."""
        if self.thing is None:
            return 0.0
        words = _words_of(text)
        rest = (*self.kind, *self.others)
        found = THING * self._has(self.thing, words) + sum(self._has(o, words) for o in rest)
        return float(found / (THING + len(rest)))

    def parts_in(self, items: Sequence[Item]) -> Vectors:
        """The same of the titles, categories and tags of n items, (n,) float32."""
        return np.fromiter((self.part_in(named(item)) for item in items), np.float32, len(items))

    def _has(self, word: str, words: _Words) -> bool:
        # "ear plugs" are earplugs.
        return _is_in(word, words) or any(word in one and one in words.stems for one in self._joint)

    @property
    def _joint(self) -> tuple[str, ...]:
        return tuple(f"{other}{self.thing}" for other in self.kind)


def _name_in(text: str, stems: Sequence[str | None]) -> str | None:
    said = text.casefold()
    return next(
        (
            word[0]
            for word in _WORD.finditer(said)
            if stem(folded(word[0])) in stems and _ENDS_A_NAME.match(said, word.end())
        ),
        None,
    )


class _Words:
    """The words of a text, as they are looked for."""

    def __init__(self, text: str) -> None:
        self.stems = frozenset(stem(word) for word in _WORD.findall(folded(text)))

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """What the words begin with."""
        return frozenset(one[:end] for one in self.stems for end in range(BEGINNING, len(one)))

    @cached_property
    def done(self) -> frozenset[str]:
        """The words as a doing begins with them: of bake `bak`."""
        return frozenset(one.removesuffix("e") for one in self.stems)

    @cached_property
    def doings(self) -> frozenset[str]:
        """What the doings among the words begin with: of baking `bak`."""
        return frozenset(base for one in self.stems if (base := _activity(one)))


def named(item: Item) -> str:
    """What an item is called: its title, category and tags."""
    return " ".join((item.title, item.category or "", *item.tags))


def stem(word: str) -> str:
    """A word without the ending of its plural."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _activity(word: str) -> str | None:
    """What a doing is of, by its beginning: of baking and sitting `bak` and `sit`; else None."""
    base = word.removesuffix("ing")
    if base == word or len(base) < SHORTEST_ROOT or not _VOWEL.search(base):
        return None
    return base[:-1] if base[-1] == base[-2] and base[-1] not in "ls" else base


def _is_in(word: str, words: _Words) -> bool:
    doing = _activity(word)
    if word in words.stems or (doing or word.removesuffix("e")) in (
        words.done if doing else words.doings
    ):
        return True
    return len(word) >= BEGINNING and word in words.beginnings


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> _Words:
    return _Words(text)
