"""What is asked for by its words: which of them name the thing itself, and which items name them.

The thing is the last word before the first preposition, as in "welding gloves for small hands"; the
words before it and behind say which one. In a bookshop a book says nothing: of "a book about
dinosaurs" and "songs by Sigur Rós" the thing stands behind. Vectors alone take a road safety
triangle for safety gloves, and miss an item whose long title has the very word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.asked.asking import read_asking
from textwire.recommendations.asked.likened import likened
from textwire.recommendations.asked.small_words import (
    OF_A_SUBJECT,
    PREPOSITIONS,
    SAYS_NOTHING,
    WORD,
)
from textwire.recommendations.folding import folded
from textwire.recommendations.messages import FieldValue, Item
from textwire.search.scripts import UNSPACED

# By so many items near to what is asked for it is told what its words mean in this shop.
NEAR_ITEMS = 20
# The word for the thing counts as much as two that say which one.
THING = 2.0
# From so many letters on, a word is also found where it begins a longer one.
BEGINNING = 5
SHORTEST_ROOT = 3
_NONE = frozenset({"no", "without", "not", "zero", "non", "nothing"})
_VOWEL = re.compile(r"[aeiouy]")
# Behind these stands what a book, a film or a song is of, and that is what is asked for; "by" also
# where things stand, unless it follows at once.
OF_A_MAKER = "by"
# Characters that part what stands around them, as "of" does.
_PARTICLES = re.compile("[的了吗呢和与给]+")
# A name, a maker, an author: longer texts of further fields are told to people, and addresses are
# no words.
LONGEST_NAME = 60
# What an item is worth that has what is not wanted: as far below others as its name would lift it.
UNWANTED = -1.0
# Behind the last word of a name: nothing, a mark that parts, a number, or a preposition.
_ENDS_A_NAME = re.compile(
    rf"\s*(?:$|[,;:|/()\[\].–—]|\d|-\s|(?:{'|'.join(sorted(PREPOSITIONS))})\b)"
)


class AskedWords(NamedTuple):
    """Stems of the words that say something.

    thing   what is asked for; None where nothing is named.
    kind    the words before it: of ear plugs the ear.
    others  the words behind a preposition, that say what it is to be like or for.
    unwanted  of each thing that is not wanted its words.
    classes   of the others those that say what is of a maker or a subject: of "books by" the book.
    likened, likened_words   see `likened.likened`.
    """

    thing: str | None
    kind: tuple[str, ...]
    others: tuple[str, ...]
    unwanted: tuple[tuple[str, ...], ...] = ()
    classes: tuple[str, ...] = ()
    likened: str = ""
    likened_words: int = 0

    @classmethod
    def of(cls, asked: str, besides: tuple[str, ...] = ()) -> AskedWords:
        """The words of a request.

        Args: besides: what is not wanted either; of a wish, what the whole request excludes.
        """
        asking = read_asking(asked)
        excluded = dict.fromkeys((*asking.unwanted, *besides))
        unwanted = tuple(tuple(map(stem, words_of(thing))) for thing in excluded)
        named, classes = _groups(asking.wanted)
        if not named:
            return cls(None, (), (), unwanted)
        said, shortest = likened(asked)
        *kind, thing = named[0]
        others = dict.fromkeys(one for group in named[1:] for one in group)
        return cls(
            thing,
            tuple(one for one in dict.fromkeys(kind) if one != thing),
            tuple(one for one in others if one not in named[0]),
            unwanted,
            tuple(classes),
            said,
            shortest,
        )

    @property
    def weight(self) -> float:
        """What all words count together."""
        return 0.0 if self.thing is None else THING + len(self.kind) + len(self.others)

    def without(self, words: Iterable[str]) -> AskedWords:
        """The same without some stems; the thing is then what is left first."""
        gone = frozenset(words)
        kind, others, classes = (
            tuple(one for one in group if one not in gone)
            for group in (self.kind, self.others, self.classes)
        )
        if self.thing in gone:
            thing = next(iter((*kind, *others)), None)
            kind, others = (tuple(o for o in group if o != thing) for group in (kind, others))
        else:
            thing = self.thing
        return self._replace(thing=thing, kind=kind, others=others, classes=classes)

    def has_class_and_thing(self, text: str) -> bool:
        """Whether a text names what is of a maker or a subject, and these too."""
        words = _words_of(text)
        all_of_it = (self.thing, *self.kind, *self.classes)
        return all(one is not None and self._has(one, words) for one in all_of_it)

    def lacking_in(self, item: Item) -> list[bool]:
        """Of each thing that is not wanted, whether an item says that it has none."""
        words = _words_of(said_of(item))
        return [
            all(_is_in(w, words) for w in one) and words.lacks(one[-1]) for one in self.unwanted
        ]

    def name_the_thing_of(self, text: str) -> bool:
        """Whether the thing is named in a text, and the kind of it that is asked for."""
        words = _words_of(text)
        named = (self.thing, *self.kind)
        if self.excludes(text):
            return False
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
        stems = ((word, stem(folded(word))) for word in WORD.findall(asked))
        return next((word for word, one in stems if one in sought and self._has(one, words)), None)

    def part_in(self, text: str) -> float:
        """How much of what was asked for a text names, in [0, 1]; `UNWANTED` of what is not."""
        if self.excludes(text):
            return UNWANTED
        if self.thing is None:
            return 0.0
        words = _words_of(text)
        rest = (*self.kind, *self.others)
        found = THING * self._has(self.thing, words) + sum(self._has(o, words) for o in rest)
        return float(found / (THING + len(rest)))

    def parts_in(self, items: Sequence[Item]) -> Vectors:
        """The same of what n items are called, (n,) float32; `parts_named` compares them."""
        return np.fromiter(map(self._part_of, items), np.float32, len(items))

    def excludes_by_name(self, item: Item) -> bool:
        """Whether what is not wanted is named by what an item is called."""
        return bool(self.unwanted) and self.excludes(named(item))

    def excludes_item(self, item: Item) -> bool:
        """Whether what is not wanted is named by what an item is called, or said to be."""
        return bool(self.unwanted) and self.excludes(said_of(item))

    def _part_of(self, item: Item) -> float:
        return UNWANTED if self.excludes_item(item) else self.part_in(named(item))

    def excludes(self, text: str) -> bool:
        """Whether a text names what is not wanted; one that says it has none does not."""
        words = _words_of(text) if self.unwanted else None
        return words is not None and any(
            all(_is_in(word, words) for word in thing) and not words.lacks(thing[-1])
            for thing in self.unwanted
        )

    def _has(self, word: str, words: _Words) -> bool:
        # "ear plugs" are earplugs.
        if _is_in(word, words):
            return True
        joint = (f"{other}{self.thing}" for other in self.kind)
        return any(word in one and one in words.stems for one in joint)


def _groups(asked: str) -> tuple[list[list[str]], list[str]]:
    """Stems of what is asked for, as prepositions part it; first the one that has the thing.

    And those before "by" and "about", which say what is of that maker or subject.
    """
    groups: list[list[str]] = [[]]
    subject: list[str] = []
    for word in words_of(asked):
        if word in PREPOSITIONS or word == "":
            groups.append([])
            before = sum(map(bool, groups))
            if word == OF_A_SUBJECT or (word == OF_A_MAKER and before == 1):
                subject = groups[-1]
        elif word not in SAYS_NOTHING:
            groups[-1].append(stem(word))
    named = [group for group in groups if group]
    if not subject:
        return named, []
    classes = [one for one in groups[0] if one not in subject]
    return [subject, *(group for group in named if group is not subject)], classes


def words_of(text: str) -> list[str]:
    """The words of a text, folded; of scripts that part none, pairs of characters.

    Where such a script parts what is said by a particle, an empty one stands.
    """
    words: list[str] = []
    for run in WORD.findall(folded(text)):
        at = 0
        for unspaced in UNSPACED.finditer(run):
            words += [run[at : unspaced.start()]] if unspaced.start() > at else []
            parts = [part for part in _PARTICLES.split(unspaced[0]) if part]
            for number, part in enumerate(parts):
                words += [""] if number else []
                words += [part[n : n + 2] for n in range(max(1, len(part) - 1))]
            at = unspaced.end()
        words += [run[at:]] if at < len(run) else []
    return words


def head_of(name: str) -> str | None:
    """The stem of the word by which a name says what the thing is; None where it has no word.

    Of "Work gloves, nitrile coated" and "Work gloves for winter" it is `glove`.
    """
    said = name.casefold()
    for word in WORD.finditer(said):
        if _ENDS_A_NAME.match(said, word.end()):
            return stem(folded(word[0]))
    return None


def _name_in(text: str, stems: Sequence[str | None]) -> str | None:
    said = text.casefold()
    return next(
        (
            word[0]
            for word in WORD.finditer(said)
            if stem(folded(word[0])) in stems and _ENDS_A_NAME.match(said, word.end())
        ),
        None,
    )


class _Words:
    """The words of a text, as they are looked for."""

    def __init__(self, text: str) -> None:
        self.in_order = [stem(word) for word in words_of(text)]
        self.stems = frozenset(self.in_order)

    def lacks(self, word: str) -> bool:
        """Whether the text says each time that there is none of it: `meat-free`, `without meat`."""
        places = [n for n, one in enumerate(self.in_order) if one == word]
        return bool(places) and all(
            self.in_order[n + 1 : n + 2] == ["free"]
            or bool(_NONE.intersection(self.in_order[max(0, n - 2) : n]))
            for n in places
        )

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
    """What an item is called: its title, category and tags, its author, maker or colour."""
    further = (text for value in item.more.values() for text in _texts(value))
    return " ".join((item.title, item.category or "", *item.tags, *further))


def said_of(item: Item) -> str:
    """All words of an item: what it is called, and its description."""
    return f"{named(item)}\n{item.description or ''}"


def _texts(value: FieldValue) -> Iterator[str]:
    for one in value if isinstance(value, tuple) else (value,):
        if isinstance(one, str) and len(one) <= LONGEST_NAME and "://" not in one:
            yield one


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
