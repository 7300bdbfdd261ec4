"""How alike two wordings are: by the words that both have, the rare ones above all.

A wording is the stems of a headline and, half as heavy, of how its body begins, less the names of
the companies that it is about: two companies are named together in many stories. Its vector has the
inverse document frequency of each stem, learned from the articles that came before, and two
wordings are as alike as the cosine of their vectors.

Source: Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0 (weights); Allan, Lavrenko and Jin
2000, doi:10.1145/354756.354843 (first stories found by them).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt

from textwire.sentiment_alerts.copies.headline_difference import content_stems, headline_words
from textwire.sentiment_alerts.linking.words import COMMON_WORDS, EVERYDAY_WORDS
from textwire.sentiment_alerts.messages import Sketch

Vector = Mapping[str, float]  # by stem

LEAD_WORDS = 20
LEAD_WEIGHT = 0.5
MOST_STEMS = 20
# Before anything was read, words are as frequent as in some thousand headlines of the samples.
PRIOR_ARTICLES = 2_000
PRIOR_EVERYDAY = 25.0
PRIOR_COMMON = 5.0
PRIOR_OTHER = 0.5
EVERYDAY_STEMS = frozenset(content_stems(EVERYDAY_WORDS))
COMMON_STEMS = frozenset(content_stems(COMMON_WORDS))


def wording_of(sketch: Sketch, companies: Iterable[str] = ()) -> dict[str, float]:
    """The stems of an article, each with its weight by where it stands.

    Args: companies: that it names, as the watchlist has them.
    """
    words = dict.fromkeys(content_stems(sketch.title), 1.0)
    for stem in content_stems(sketch.lead[:LEAD_WORDS]):
        words.setdefault(stem, LEAD_WEIGHT)
    names = {stem for company in companies for stem in _name_stems(company)}
    return dict([one for one in words.items() if one[0] not in names][:MOST_STEMS])


@lru_cache(maxsize=4096)
def _name_stems(company: str) -> tuple[str, ...]:
    """A name's words, and the name as one word, as sketches have it."""
    joined = re.sub(r"[\W\d_]+", "_", company).strip("_")
    return tuple(content_stems([*headline_words(company), *headline_words(joined)]))


def rarity(stem: str, count: float, articles: float) -> float:
    """The inverse document frequency of a stem that so many of all articles had."""
    prior = (
        PRIOR_EVERYDAY
        if stem in EVERYDAY_STEMS
        else PRIOR_COMMON
        if stem in COMMON_STEMS
        else PRIOR_OTHER
    )
    return log((articles + PRIOR_ARTICLES) / min(count + prior, articles + PRIOR_ARTICLES))


def vector_of(wording: Vector, rarities: Mapping[str, float]) -> dict[str, float]:
    """A wording as a vector of unit length, by stem; empty where there is no word."""
    weighted = {stem: weight * rarities[stem] for stem, weight in wording.items()}
    length = _length(weighted)
    return {stem: weight / length for stem, weight in weighted.items()} if length else {}


def cosine(one: Vector, other: Vector) -> float:
    """How alike two vectors are, from 0 to 1; 0 where one of them is empty."""
    shared = sum(one[stem] * other[stem] for stem in one.keys() & other)
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(vector: Vector) -> float:
    return sqrt(sum(weight**2 for weight in vector.values()))
