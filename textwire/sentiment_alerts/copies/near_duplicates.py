"""Recognising syndicated copies: the same text, or nearly so, soon after the first.

Of an article a `Sketch` is kept: the words of its headline, and a sample of its body's runs of five
words. A later article is a copy

- where one's body stands in the other's, whatever their headlines and what a paper put around it:
  the sample's containment is at least `COPY_CONTAINMENT`;
- where their headlines tell the same word by word (`headline_difference.py`), and their bodies, if
  both have one, are related or the headline is long enough to speak for itself;
- where one is a flash whose words all stand in the other's headline and lead;

and never where each names a company that the other does not, or where their headlines are alike but
for a word that makes it another story. Candidates are found by bands of a MinHash of the headline's
pairs of words, and by the least of the body's sample.

Source: Broder 1997, On the resemblance and containment of documents; bands: Leskovec, Rajaraman,
Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from zlib import crc32

import msgspec
from msgspec.structs import replace
from rensa import RMinHash

from textwire.results.reading import read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Put, Write
from textwire.sentiment_alerts.copies.headline_difference import (
    conflicts,
    content_stems,
    headline_words,
    is_column,
    is_flash_of,
    tells_the_same,
)
from textwire.sentiment_alerts.messages import Sketch
from textwire.sentiment_alerts.results.keys import band_key, seen_key
from textwire.sentiment_alerts.scoring.clauses import Mention, linked_text

HASHES = 48
SEED = 1997
# 16 bands of 3: of pairs at 0.6 some 98 % share a band, of pairs at 0.2 some 12 % do.
BAND_HASHES = 3
RUN = 5  # words; a run of so many is seldom written twice
# Of a long body every fourth run is kept: some 80 of 2,000 characters.
SAMPLED = 4
KEPT_WHOLE = 64
BODY_KEYS = 12
# A body in which every twelfth word was changed comes down to 0.65; reports by one template with
# other figures stay below 0.5.
COPY_CONTAINMENT = 0.6
RELATED_CONTAINMENT = 0.15
# Where headlines have no word in common.
UNTITLED_CONTAINMENT = 0.8
UNTITLED_RUNS = 30
# Headlines that share so much differ in a word or two.
ALIKE = 0.6
# Fewer runs are a sentence, which may be boilerplate.
LEAST_RUNS = 12
# A headline of so many words of content is seldom written twice in a day of two events.
SPEAKS_FOR_ITSELF = 5
LEAD_WORDS = 40
KEPT_IN_BAND = 8
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """An article of the last hours; `first` is the one it repeats, or itself."""

    article_id: str
    first: str
    at_ms: int
    entities: tuple[str, ...]
    sketch: Sketch


def sketches(articles: Sequence[tuple[str, Sequence[Mention]]]) -> list[Sketch]:
    """What each article is recognised by.

    Args: articles: texts as `linked_text` gives them, and the companies found there.
    """
    parts = [_parts(text, mentions) for text, mentions in articles]
    pairs = [_pairs(title) for title, _ in parts]
    digests = RMinHash.digests_from_token_sets(pairs, HASHES, SEED)
    return [
        _sketch(title, body, tuple(digest) if some else ())
        for (title, body), digest, some in zip(parts, digests, pairs, strict=True)
    ]


def sketch_of(title: str, body: str | None = None, mentions: Sequence[Mention] = ()) -> Sketch:
    """What one article is recognised by."""
    return sketches([(linked_text(title, body), mentions)])[0]


def containment(one: Sketch, other: Sketch) -> float:
    """The share of the shorter body that stands in the longer; 0 where one has none."""
    first, second = set(one.runs), set(other.runs)
    if one.whole and other.whole:
        return len(first & second) / min(len(first), len(second)) if first and second else 0.0
    first, second = ({run for run in runs if run % SAMPLED == 0} for runs in (first, second))
    smaller = min(len(first), len(second))
    # Of a short body a few runs are left, and one of them may be shared by chance.
    return max(0, len(first & second) - 1) / smaller if smaller else 0.0


def is_copy(
    one: Sketch, other: Sketch, companies: Collection[str], others: Collection[str]
) -> bool:
    """Whether an article repeats another.

    Args: companies, others: those that the one and the other name.
    """
    if set(companies) - set(others) and set(others) - set(companies):
        return False
    shared = containment(one, other)
    both_have_bodies = bool(one.runs and other.runs)
    if min(_run_count(one), _run_count(other)) >= LEAST_RUNS and shared >= COPY_CONTAINMENT:
        return _may_be_one_story(one, other, shared)
    if tells_the_same(one.title, other.title):
        speaks = min(len(one.title), len(other.title)) >= SPEAKS_FOR_ITSELF
        if is_column(" ".join(one.title)):
            return not both_have_bodies or shared >= COPY_CONTAINMENT
        return not both_have_bodies or shared >= RELATED_CONTAINMENT or speaks
    if both_have_bodies:
        return False
    return is_flash_of(one.title, other.title, other.lead) or is_flash_of(
        other.title, one.title, one.lead
    )


def _may_be_one_story(one: Sketch, other: Sketch, shared: float) -> bool:
    """Whether headlines allow what bodies say.

    Alike but for a word they are a template with another name or figure; with nothing in common, a
    short body is no more than a form.
    """
    first, second = set(content_stems(one.title)), set(content_stems(other.title))
    common = len(first & second)
    if common >= ALIKE * max(len(first), len(second)):
        return not conflicts(one.title, other.title)
    return common > 0 or (
        shared >= UNTITLED_CONTAINMENT and min(_run_count(one), _run_count(other)) >= UNTITLED_RUNS
    )


def _run_count(sketch: Sketch) -> int:
    return len(sketch.runs) * (1 if sketch.whole else SAMPLED)


class RecentArticles:
    """The articles of the last hours, as they are stored, and as a batch goes on with them."""

    def __init__(
        self, store: ResultStore, arriving: Iterable[tuple[str, Sketch]], window_ms: int
    ) -> None:
        """Read what may be the first of one of those that arrive.

        Args:   arriving: ids and sketches. window_ms: how far apart copies can be.
        Raises: RedisUnavailable: the store is away.
        """
        self._store = store
        self._window_ms = window_ms
        self._ttl_s = 2 * window_ms // 1000
        arriving = list(arriving)
        bands = list(dict.fromkeys(key for _, sketch in arriving for key in _keys(sketch)))
        known = read_values(store, {key: key for key in bands}, list[str], msgspec.msgpack.decode)
        self._bands = {key: known.get(key, []) for key in bands}
        ids = [article_id for article_id, _ in arriving]
        candidates = list(dict.fromkeys([*ids, *(i for ids in self._bands.values() for i in ids)]))
        keys = {article_id: seen_key(article_id) for article_id in candidates}
        self._seen = read_values(store, keys, Seen, msgspec.msgpack.decode)
        self._new: dict[str, Seen] = {}
        self._touched: dict[str, list[str]] = {}

    def find_original(
        self, article_id: str, at_ms: int, entities: Sequence[str], sketch: Sketch
    ) -> str | None:
        """The article that this one repeats; itself where its id has come before; or None."""
        if known := self._seen.get(article_id):
            return self._first(known)
        names = tuple(sorted(entities))
        candidates = dict.fromkeys(i for key in _keys(sketch) for i in self._bands[key])
        copies = [
            (containment(seen.sketch, sketch), self._first(seen))
            for candidate in candidates
            if (seen := self._seen.get(candidate))
            and abs(seen.at_ms - at_ms) <= self._window_ms
            and is_copy(seen.sketch, sketch, seen.entities, names)
        ]
        return max(copies)[1] if copies else None

    def says_else(self, article_id: str, sketch: Sketch) -> bool:
        """Whether its id has come before, with another text."""
        known = self._seen.get(article_id)
        return known is not None and known.sketch != sketch

    def knows(self, article_id: str) -> bool:
        """Whether it is still remembered."""
        return article_id in self._seen

    def at_ms(self, article_id: str) -> int:
        """When an article of which others are copies was published."""
        return self._seen[article_id].at_ms

    def put_before(self, article_id: str, other: str) -> None:
        """An article is the first one now, in place of another."""
        for one in (article_id, other):
            self._seen[one] = self._new[one] = replace(self._seen[one], first=article_id)

    def _first(self, seen: Seen) -> str:
        """The first of an article's copies, also where that has been put behind another since."""
        while seen.first != seen.article_id:
            if seen.first not in self._seen:
                key = seen_key(seen.first)
                first = read_value(self._store, key, Seen, msgspec.msgpack.decode)
                if first is None:  # let go by now
                    return seen.first
                self._seen[seen.first] = first
            seen = self._seen[seen.first]
        return seen.article_id

    def add(
        self,
        article_id: str,
        first: str | None,
        at_ms: int,
        entities: Sequence[str],
        sketch: Sketch,
    ) -> None:
        """Remember an article."""
        names = tuple(sorted(entities))
        seen = Seen(article_id, first or article_id, at_ms, names, sketch)
        self._seen[article_id] = self._new[article_id] = seen
        for key in _keys(sketch):
            self._bands[key] = [*self._bands[key], article_id][-KEPT_IN_BAND:]
            self._touched[key] = self._bands[key]

    def writes(self) -> list[Write]:
        """What the batch added."""
        puts: list[Write] = [
            Put(seen_key(article_id), msgspec.msgpack.encode(seen), self._ttl_s)
            for article_id, seen in self._new.items()
        ]
        return puts + [
            Put(key, msgspec.msgpack.encode(ids), self._ttl_s) for key, ids in self._touched.items()
        ]


def _parts(text: str, mentions: Sequence[Mention]) -> tuple[tuple[str, ...], list[str]]:
    """The headline's words with companies by their names, and the body's words."""
    title, _, body = text.partition("\n")
    named = title
    for mention in sorted(mentions, key=lambda one: one.start, reverse=True):
        if mention.end <= len(title):
            name = re.sub(r"[\W\d_]+", "_", mention.entity).strip("_")
            named = f"{named[: mention.start]} {name} {named[mention.end :]}"
    return headline_words(named), WORD.findall(body.lower())


def _sketch(title: tuple[str, ...], body: Sequence[str], bands: tuple[int, ...]) -> Sketch:
    runs = sorted(
        {
            crc32(" ".join(body[place : place + RUN]).encode())
            for place in range(max(0, len(body) - RUN + 1))
        }
    )
    whole = len(runs) <= KEPT_WHOLE
    kept = runs if whole else [run for run in runs if run % SAMPLED == 0]
    return Sketch(title, bands, tuple(body[:LEAD_WORDS]), tuple(kept), whole)


def _pairs(words: Sequence[str]) -> set[str]:
    """The stems of a headline's words of content, and their pairs."""
    stems = content_stems(words) or list(words)
    return {*stems, *(f"{one} {other}" for one, other in pairwise(stems))}


@lru_cache(maxsize=1024)  # each article's are asked for when it comes, is compared and is added
def _keys(sketch: Sketch) -> tuple[str, ...]:
    packed = array("I", sketch.bands).tobytes()
    size = BAND_HASHES * array("I").itemsize
    bands = [packed[start : start + size] for start in range(0, len(packed), size)]
    # The least of those that stand in every sample: a longer text that holds them has them too.
    runs = [run for run in sketch.runs if run % SAMPLED == 0 or sketch.whole][:BODY_KEYS]
    return tuple(
        band_key(number, blake2b(part, digest_size=8).hexdigest())
        for number, part in [*enumerate(bands), *((HASHES, run.to_bytes(4)) for run in runs)]
    )
