"""Entities in texts as spans of letters, and as BIO tags of words (Ramshaw and Marcus 1995)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors

OUTSIDE = "O"
BEGINS, GOES_ON = "B-", "I-"
Places = NDArray[np.int64]
# Of what may not follow: no sum of logarithms of probabilities comes near it.
NEVER = -1e9


class Span(NamedTuple):
    """Where an entity stands: letters from `start` up to, and without, `end`."""

    start: int
    end: int
    kind: str


def tags_of(kinds: Sequence[str]) -> tuple[str, ...]:
    """The names of the tags, in the order of a model's columns."""
    return (OUTSIDE, *(f"{part}{kind}" for kind in kinds for part in (BEGINS, GOES_ON)))


def kinds_of(tags: Sequence[str]) -> tuple[str, ...]:
    """The kinds of entities that tags tell apart, in their order."""
    return tuple(tag.removeprefix(BEGINS) for tag in tags if tag.startswith(BEGINS))


def tag_words(
    words: Sequence[tuple[int, int]], spans: Sequence[Span], tags: Sequence[str]
) -> Places:
    """A tag for each word, (words,) int64 columns: a word of which a letter is in a span is of it.

    Args: words: each from its first letter up to, and without, the last. spans: which do not
          overlap.
    """
    columns = {tag: column for column, tag in enumerate(tags)}
    tagged = np.zeros(len(words), dtype=np.int64)
    for span in spans:
        touched = [
            place
            for place, (start, end) in enumerate(words)
            if start < span.end and end > span.start
        ]
        for place in touched:
            part = BEGINS if place == touched[0] else GOES_ON
            tagged[place] = columns[f"{part}{span.kind}"]
    return tagged


def spans_of(
    words: Sequence[tuple[int, int]], tagged: Sequence[int] | Places, tags: Sequence[str]
) -> list[Span]:
    """The spans that tags make of words.

    A tag that goes on with what has not begun begins it, as conlleval reads it (Tjong Kim Sang and
    De Meulder 2003).

    Args: tagged: (words,) columns.
    """
    found: list[Span] = []
    before = OUTSIDE
    for (start, end), column in zip(words, tagged, strict=True):
        tag = tags[column]
        kind = tag[len(BEGINS) :]
        if tag.startswith(GOES_ON) and before[len(BEGINS) :] == kind and before != OUTSIDE:
            found[-1] = Span(found[-1].start, end, kind)
        elif tag != OUTSIDE:
            found.append(Span(start, end, kind))
        before = tag
    return found


def may_follow(tags: Sequence[str]) -> NDArray[np.bool_]:
    """Whether a tag (column) may come after another (row), (tags, tags) bool."""
    return np.array(
        [
            [
                not tag.startswith(GOES_ON)
                or (before != OUTSIDE and before[len(BEGINS) :] == tag[len(GOES_ON) :])
                for tag in tags
            ]
            for before in tags
        ]
    )


def likeliest_tags(log_probabilities: Vectors, following: NDArray[np.bool_]) -> Places:
    """The likeliest row of tags in which each may follow the one before.

    Args:    log_probabilities: (words, tags) float32. following: (tags, tags) bool, as `may_follow`
             gives it; the first tag is that of no entity, after which a text begins.
    Returns: (words,) int64 columns.
    Source:  Viterbi 1967, over words taken as independent but for what may follow.
    """
    words, tags = log_probabilities.shape
    if not words:
        return np.zeros(0, dtype=np.int64)
    forbidden = np.where(following, 0.0, NEVER)  # (tags, tags)
    best = log_probabilities[0] + forbidden[0]  # (tags,), of the best row that ends in each tag
    came_from = np.zeros((words, tags), dtype=np.int64)
    for place in range(1, words):
        ways = best[:, None] + forbidden  # (tags before, tags)
        came_from[place] = ways.argmax(axis=0)
        best = ways.max(axis=0) + log_probabilities[place]
    row = np.zeros(words, dtype=np.int64)
    row[-1] = best.argmax()
    for place in range(words - 1, 0, -1):
        row[place - 1] = came_from[place, row[place]]
    return row
