"""Recognising syndicated copies: the same text, or nearly so, soon after the first.

A text is the set of its pairs of neighbouring words, less what agencies put before a headline. Two
texts are copies when the sets' Jaccard similarity is at least `COPY_JACCARD` and both name the same
companies: "Northmere cuts jobs" and "Solvanta cuts jobs" are two episodes. The similarity is
estimated by MinHash, and candidates are found by bands of it that are equal.

Source: Broder 1997, On the resemblance and containment of documents; bands: Leskovec, Rajaraman,
Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import msgspec
from msgspec.structs import replace
from rensa import RMinHash

from textwire.results.reading import read_value, read_values
from textwire.results.store import ResultStore
from textwire.results.writes import Put, Write
from textwire.sentiment_alerts.results import band_key, seen_key

HASHES = 63
SEED = 1997
# 21 bands of 3: of pairs at 0.6 all but 0.6 % share a band, of pairs at 0.2 some 15 % do.
BAND_HASHES = 3
# Copies with an agency's tag around a short headline come down to 0.67; texts about the same
# company that are no copies stay below 0.3 (samples/sentiment_alerts).
COPY_JACCARD = 0.6
KEPT_IN_BAND = 8
AGENCY_TAG = re.compile(
    r"^(?:(?:brief|rpt|repeat|corrected|correction|refile|update|wrapup|urgent|alert|exclusive"
    r"|breaking)(?:\s\d+)?\s?[-:]\s*)+",
    re.IGNORECASE,
)
WORD = re.compile(r"[\u4e00-\u9fff]|[^\W_]+")


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """An article of the last hours; `first` is the one it repeats, or itself."""

    article_id: str
    first: str
    at_ms: int
    entities: tuple[str, ...]
    fingerprint: tuple[int, ...]


def fingerprints(texts: Sequence[str]) -> list[tuple[int, ...]]:
    """A MinHash for each text; empty for a text without words."""
    sets = [_pairs(text) for text in texts]
    digests = RMinHash.digests_from_token_sets(sets, HASHES, SEED)
    return [tuple(digest) if pairs else () for digest, pairs in zip(digests, sets, strict=True)]


def estimated_jaccard(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of hashes that are equal; its error is about 0.06."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


class RecentArticles:
    """The articles of the last hours, as they are stored, and as a batch goes on with them."""

    def __init__(
        self, store: ResultStore, arriving: Iterable[tuple[str, tuple[int, ...]]], window_ms: int
    ) -> None:
        """Read what may be the first of one of those that arrive.

        Args:   arriving: ids and fingerprints. window_ms: how far apart copies can be.
        Raises: RedisUnavailable: the store is away.
        """
        self._store = store
        self._window_ms = window_ms
        self._ttl_s = 2 * window_ms // 1000
        arriving = list(arriving)
        bands = list(dict.fromkeys(key for _, print_ in arriving for key in _band_keys(print_)))
        known = read_values(store, {key: key for key in bands}, list[str], msgspec.msgpack.decode)
        self._bands = {key: known.get(key, []) for key in bands}
        ids = [article_id for article_id, _ in arriving]
        candidates = list(dict.fromkeys([*ids, *(i for ids in self._bands.values() for i in ids)]))
        keys = {article_id: seen_key(article_id) for article_id in candidates}
        self._seen = read_values(store, keys, Seen, msgspec.msgpack.decode)
        self._new: dict[str, Seen] = {}
        self._touched: dict[str, list[str]] = {}

    def find_original(
        self, article_id: str, at_ms: int, entities: Sequence[str], fingerprint: tuple[int, ...]
    ) -> str | None:
        """The article that this one repeats; itself where its id has come before; or None."""
        if known := self._seen.get(article_id):
            return self._first(known)
        names = tuple(sorted(entities))
        candidates = dict.fromkeys(i for key in _band_keys(fingerprint) for i in self._bands[key])
        similar = [
            (estimated_jaccard(seen.fingerprint, fingerprint), seen)
            for candidate in candidates
            if (seen := self._seen.get(candidate))
            and seen.entities == names
            and abs(seen.at_ms - at_ms) <= self._window_ms
        ]
        copies = [(j, self._first(seen)) for j, seen in similar if j >= COPY_JACCARD]
        return max(copies)[1] if copies else None

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
        fingerprint: tuple[int, ...],
    ) -> None:
        """Remember an article."""
        names = tuple(sorted(entities))
        seen = Seen(article_id, first or article_id, at_ms, names, fingerprint)
        self._seen[article_id] = self._new[article_id] = seen
        for key in _band_keys(fingerprint):
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


def _pairs(text: str) -> set[str]:
    words = WORD.findall(AGENCY_TAG.sub("", text.strip()).lower())
    if len(words) < 2:
        return set(words)
    return {f"{one} {other}" for one, other in pairwise(words)}


@lru_cache(maxsize=1024)  # each article's are asked for when it comes, is compared and is added
def _band_keys(fingerprint: tuple[int, ...]) -> tuple[str, ...]:
    packed = array("I", fingerprint).tobytes()
    size = BAND_HASHES * array("I").itemsize
    bands = (packed[start : start + size] for start in range(0, len(packed), size))
    return tuple(
        band_key(number, blake2b(band, digest_size=8).hexdigest())
        for number, band in enumerate(bands)
    )
