"""All passages as they stand at one moment, found by meaning and by words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from textwire.models.encoder import Encoder, Vectors
from textwire.search.fusion import reciprocal_rank_fusion
from textwire.search.vectors import NOTHING, VectorIndex
from textwire.search.words import WordIndex
from textwire.support_qa.messages import Passage

# How many candidates a question gets; calibration is fitted on as many as are served.
CANDIDATES = 5
# How deep each ranking is read before they are fused; deeper ranks add next to nothing.
DEPTH = 50
# The paper's constant, 60, is for rankings of equal worth. Here meaning ranks much better than
# words, and being first matters: on 1,320 customers' questions to 220 passages, MiniLM as it comes,
# recall@1 and @5 are 46.2 and 76.6 by meaning, 29.4 and 54.5 by words, 43.3 and 73.2 fused with
# 60 and equal weights, and 47.1 and 80.8 with these.
FUSION_K = 10
DENSE_WEIGHT, WORDS_WEIGHT = 1.0, 0.5
MOST_FUSED = (DENSE_WEIGHT + WORDS_WEIGHT) / (FUSION_K + 1)


@dataclass(frozen=True)
class Candidate:
    """A passage that may answer a question, with what speaks for it. Ranks count from 1."""

    passage: Passage
    cosine: float
    word_score: float  # BM25; 0 where the words did not find it
    dense_rank: int | None
    word_rank: int | None
    fused: float  # reciprocal rank fusion, as a part of the most there can be: 1 is first in both


class PassageIndex:
    """Passages under one encoder. An index never changes: `changed` gives another.

    A number stands for one version of one passage and is never given again, so that what a reader
    found in one moment cannot be taken for something else in the next.
    """

    def __init__(
        self,
        encoder: Encoder,
        language: str = "english",
        passage_encoder: Encoder | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """No passages yet.

        Args: encoder: for questions, and for passages where they have none of their own.
              language: whose stems and stop words are known to the word index.
              passage_encoder: the same model, with a memory of what it embedded before.
              clock: by which passages outside their dates are not found; None: all are found.
        """
        self.encoder = encoder
        self._passage_encoder = passage_encoder or encoder
        self._numbered: Mapping[int, Passage] = {}
        self._numbers: Mapping[str, int] = {}
        self._next = 0
        self._clock = clock
        self._dated: Mapping[int, Passage] = {}  # those that do not hold for ever
        self._vectors = VectorIndex(encoder.dimension)
        self._words = WordIndex(language)

    @classmethod
    def build(cls, encoder: Encoder, passages: Iterable[Passage]) -> PassageIndex:
        """An index of English passages; of two with one id the later counts."""
        return cls(encoder).changed(tuple(passages))

    def __len__(self) -> int:
        return len(self._numbered)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages, in the order in which they came."""
        return tuple(self._numbered.values())

    @property
    def by_id(self) -> Mapping[str, Passage]:
        """All passages by their ids."""
        return MappingProxyType({p.id: p for p in self._numbered.values()})

    def changed(self, put: Sequence[Passage], removed: Sequence[str] = ()) -> PassageIndex:
        """The next moment: ids removed, and then passages put in or replaced.

        Raises: ValueError: a later moment exists already.
        """
        latest = {passage.id: passage for passage in put}
        new = dict(enumerate(latest.values(), start=self._next))
        gone = {self._numbers[id_] for id_ in (*removed, *latest) if id_ in self._numbers}
        texts = {number: passage.searchable_text for number, passage in new.items()}
        # First what may raise: the word index can be changed only once.
        embedded = self._passage_encoder.encode(list(texts.values()))

        later = copy(self)
        later._vectors = self._vectors.changed(list(new), embedded, list(gone))
        later._words = self._words.changed(texts, gone)
        later._next = self._next + len(new)
        later._numbered = {n: p for n, p in self._numbered.items() if n not in gone} | new
        later._dated = {n: p for n, p in later._numbered.items() if p.valid_from or p.valid_until}
        later._numbers = {passage.id: number for number, passage in later._numbered.items()}
        return later

    def search(self, questions: Sequence[str], k: int = CANDIDATES) -> list[list[Candidate]]:
        """The k best passages for each question, best first; none where there are no passages."""
        if not questions or not self._numbered:
            return [[] for _ in questions]
        return self.search_encoded(questions, self.encoder.encode(questions), k)

    def search_encoded(
        self, questions: Sequence[str], vectors: Vectors, k: int = CANDIDATES
    ) -> list[list[Candidate]]:
        """The same for questions that this index's encoder has encoded: (n, d) float32."""
        outside = self._outside_their_dates()
        depth = max(DEPTH, k)
        # As much deeper as there are passages that do not count, so that the ranking is exact.
        searched = depth + len(outside)
        _, nearest = self._vectors.search(vectors, searched)
        dense = [
            [int(number) for number in row if number != NOTHING and number not in outside][:depth]
            for row in nearest
        ]
        words = [
            dict([hit for hit in hits if hit[0] not in outside][:depth])
            for hits in self._words.search(questions, searched)
        ]
        return [self._fused(*found, k) for found in zip(vectors, dense, words, strict=True)]

    def _outside_their_dates(self) -> set[int]:
        if self._clock is None or not self._dated:
            return set()
        now = self._clock()
        return {number for number, passage in self._dated.items() if not passage.is_valid_at(now)}

    def _fused(
        self, vector: Vectors, dense: list[int], words: dict[int, float], k: int
    ) -> list[Candidate]:
        scores = reciprocal_rank_fusion(
            [dense, list(words)], FUSION_K, (DENSE_WEIGHT, WORDS_WEIGHT)
        )
        best = list(scores)[:k]
        dense_ranks, word_ranks = _ranks(dense), _ranks(words)
        return [
            Candidate(
                passage=self._numbered[number],
                cosine=cosine,
                word_score=words.get(number, 0.0),
                dense_rank=dense_ranks.get(number),
                word_rank=word_ranks.get(number),
                fused=scores[number] / MOST_FUSED,
            )
            for number, cosine in zip(best, self._vectors.cosines(vector, best), strict=True)
        ]


def _ranks(ranking: Iterable[int]) -> dict[int, int]:
    return {number: rank for rank, number in enumerate(ranking, start=1)}
