"""All passages as they stand at one moment, found by their headings, their texts and by words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.models.engines.word_states import WordEncoder
from textwire.rows.sections import PATH_SEPARATOR
from textwire.search.spelling import Spelling
from textwire.search.words import WordIndex
from textwire.support_qa.late_interaction import LateInteraction, Reading
from textwire.support_qa.messages import Passage
from textwire.support_qa.missing_words import missing_rarity
from textwire.support_qa.passage_filters import ANY, PassageFilter, holds_at, is_dated
from textwire.support_qa.passage_texts import parts
from textwire.support_qa.passage_vectors import PassageVectors, entry_of, place_of
from textwire.support_qa.ranking import UNTUNED, RankingWeights

# How many candidates a question gets; calibration is fitted on as many as are served.
CANDIDATES = 5
# How deep each ranking is read before passages are scored by all of it.
DEPTH = 50
# Of a passage that meaning found, words still count this far down.
WORD_DEPTH = 200
# So many of the best are read closely. Of 1,133 questions 94 % have their passage among these, and
# twice as many gain nothing: docs/results/support_qa.md.
READ_CLOSELY = 8
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Candidate:
    """A passage that may answer a question, with what speaks for it. Ranks count from 1."""

    passage: Passage
    cosine: float  # of its best part
    heading_cosine: float  # of its heading; where it has none, that of its best part
    word_score: float  # BM25; 0 where the words did not find it
    dense_rank: int | None  # by its best part
    word_rank: int | None
    score: float  # by which candidates are ranked; see `RankingWeights`
    closeness: float | None = None  # what late interaction says; None: it was not read closely
    arrived: int = 0  # of two passages the later one's is larger
    fit: float = 0.0  # the calibrated probability that it answers; see `with_fits`
    best_part: int = 0  # the place of that part, among `passage_texts.parts`
    missing: float = 0.0  # rarity of a word of the question that it lacks; see `missing_rarity`
    relevance: float | None = None  # log odds of a reranker that read both; None: none did


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
        weights: RankingWeights = UNTUNED,
        known_words: Set[str] = frozenset(),
        word_encoder: WordEncoder | None = None,
    ) -> None:
        """No passages yet.

        Args: encoder: for questions, and for passages where they have none of their own.
              language: whose stems and stop words are known to the word index.
              passage_encoder: the same model, with a memory of what it embedded before.
              clock: by which passages outside their dates are not found; None: all are found.
              weights: of headings, texts and words.
              known_words: of the language, by which a slip is told from a word; none: no slips.
              word_encoder: by which the best are read closely; None: none is.
        """
        self.weights = weights
        self.encoder = encoder
        self._passage_encoder = passage_encoder or encoder
        self._numbered: Mapping[int, Passage] = {}
        self._numbers: Mapping[str, int] = {}
        self._next = 0
        self._clock = clock
        self._dated: Mapping[int, Passage] = {}  # those that do not hold for ever
        self._vectors = PassageVectors(encoder.dimension)
        self._asked: Counter[str] = Counter()  # the words of headings
        self._words = WordIndex(language)
        self._spelling = Spelling(known_words)
        self.word_encoder = word_encoder
        self._late = LateInteraction(word_encoder) if word_encoder else None

    @classmethod
    def build(
        cls,
        encoder: Encoder,
        passages: Iterable[Passage],
        weights: RankingWeights = UNTUNED,
        word_encoder: WordEncoder | None = None,
    ) -> PassageIndex:
        """An index of English passages; of two with one id the later counts."""
        empty = cls(encoder, weights=weights, word_encoder=word_encoder)
        return empty.changed(tuple(passages))

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
        # First what may raise: the word index can be changed only once.
        vectors = self._vectors.changed(new, gone, self._passage_encoder)
        later = copy(self)
        later._vectors = vectors
        later._words = self._words.changed({n: p.searchable_text for n, p in new.items()}, gone)
        later._spelling = self._spelling.changed(
            (passage.searchable_text for passage in new.values()),
            (self._numbered[number].searchable_text for number in gone),
        )
        later._asked = self._asked + _headed(new.values())
        later._asked -= _headed(self._numbered[number] for number in gone)
        later._next = self._next + len(new)
        later._numbered = {n: p for n, p in self._numbered.items() if n not in gone} | new
        later._dated = {n: p for n, p in later._numbered.items() if is_dated(p)}
        later._numbers = {passage.id: number for number, passage in later._numbered.items()}
        return later

    def weighing(self, weights: RankingWeights) -> PassageIndex:
        """The same passages, ranked by other weights."""
        other = copy(self)
        other.weights = weights
        return other

    def skimming(self) -> PassageIndex:
        """The same passages, none of which is read closely."""
        other = copy(self)
        other._late = None
        return other

    def has_heading(self, text: str) -> bool:
        """Whether a passage is headed by just these words, however they are written."""
        return _plain_words(text) in self._asked

    def corrected(self, questions: Sequence[str]) -> list[str]:
        """The questions with slips of the keyboard corrected by the passages' words."""
        return [self._spelling.corrected(question) for question in questions]

    def search(
        self, questions: Sequence[str], k: int = CANDIDATES, closely: int = READ_CLOSELY
    ) -> list[list[Candidate]]:
        """The k best passages for each question, best first; none where there are no passages.

        Args: closely: how many of them are read closely, where any are.
        """
        if not questions or not self._numbered:
            return [[] for _ in questions]
        vectors = self.encoder.encode(questions)
        return self.search_encoded(questions, vectors, k, closely=closely)

    def search_encoded(
        self,
        questions: Sequence[str],
        vectors: Vectors,
        k: int = CANDIDATES,
        filters: Sequence[PassageFilter] | None = None,
        closely: int = READ_CLOSELY,
        readings: Sequence[Sequence[Reading]] | None = None,
    ) -> list[list[Candidate]]:
        """The same for questions that this index's encoder has encoded: (n, d) float32.

        Args: filters: what each question says of the passages that may answer it.
              readings: of each question, by which passages are read closely; None: the questions
              are read for that.
        """
        found: list[list[Candidate]] = [[] for _ in questions]
        asked_alike: defaultdict[PassageFilter, list[int]] = defaultdict(list)
        for place, wanted in enumerate(filters or [ANY] * len(questions)):
            asked_alike[wanted].append(place)
        for wanted, places in asked_alike.items():
            out = self._barred(wanted)
            some = self._search([questions[place] for place in places], vectors[places], k, out)
            for place, candidates in zip(places, some, strict=True):
                found[place] = candidates
        if self._late:
            asked = self._late.read(questions) if readings is None else readings
            found = self._read_closely(self._late, asked, found, closely)
        return [
            self._with_missing(question, candidates[:k])
            for question, candidates in zip(questions, found, strict=True)
        ]

    def _barred(self, wanted: PassageFilter) -> set[int]:
        """The numbers of passages that may not answer."""
        now = self._clock() if self._clock and self._dated else None
        barred = {number for number, p in self._dated.items() if not holds_at(p, now)}
        if wanted != ANY:
            barred |= {n for n, p in self._numbered.items() if not wanted.lets_pass(p)}
        return barred

    def _search(
        self, questions: Sequence[str], vectors: Vectors, k: int, barred: set[int]
    ) -> list[list[Candidate]]:
        depth = max(DEPTH, k)
        by_heading, by_part = self._vectors.search(vectors, depth, barred)
        # As much deeper as there are passages that do not count, so that the ranking is exact.
        words = self._words.search(questions, max(WORD_DEPTH, k) + len(barred))
        return [
            self._ranked(
                vector,
                headings,
                texts,
                {number: score for number, score in hits if number not in barred},
                depth,
            )
            for vector, headings, texts, hits in zip(
                vectors, by_heading, by_part, words, strict=True
            )
        ]

    def _read_closely(
        self,
        late: LateInteraction,
        asked: Sequence[Sequence[Reading]],
        ranked: Sequence[list[Candidate]],
        closely: int,
    ) -> list[list[Candidate]]:
        """The same candidates, the first `closely` of each question ranked among themselves."""
        first = [candidates[:closely] for candidates in ranked]
        said = late.scores(
            asked,
            [[_entry(one) for one in some] for some in first],
            self._part_of,
            self._words,
        )
        return [
            [*self._ranked_closely(some, of_each), *candidates[closely:]]
            for some, of_each, candidates in zip(first, said, ranked, strict=True)
        ]

    def _ranked_closely(
        self, candidates: Sequence[Candidate], said: Sequence[float]
    ) -> list[Candidate]:
        weight = self.weights.closely
        read = [
            replace(one, closeness=closeness, score=one.score + weight * closeness)
            for one, closeness in zip(candidates, said, strict=True)
        ]
        return sorted(read, key=lambda candidate: -candidate.score)

    def _with_missing(self, question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
        texts = [candidate.passage.searchable_text for candidate in candidates]
        missing = missing_rarity(question, texts, self._words)
        return [replace(c, missing=rarity) for c, rarity in zip(candidates, missing, strict=True)]

    def _ranked(
        self,
        vector: Vectors,
        by_heading: Sequence[int],
        by_text: Sequence[int],
        words: Mapping[int, float],
        depth: int,
    ) -> list[Candidate]:
        """All passages that any of the rankings holds, by their scores."""
        pool = list(dict.fromkeys([*by_text, *by_heading, *list(words)[:depth]]))
        if not pool:
            return []
        best_parts, cosines = self._vectors.best_parts(vector, pool)
        headed = [number for number in pool if self._numbered[number].heading]
        headings = self._vectors.heading_cosines(vector, headed)
        dense_ranks, word_ranks = _ranks(by_text), _ranks(words)
        candidates = [
            Candidate(
                passage=self._numbered[number],
                cosine=cosine,
                heading_cosine=headings.get(number, cosine),
                word_score=words.get(number, 0.0),
                dense_rank=dense_ranks.get(number),
                word_rank=word_ranks.get(number),
                score=self.weights.score(
                    headings.get(number, cosine), cosine, words.get(number, 0.0)
                ),
                arrived=number,
                best_part=best_part,
            )
            for number, best_part, cosine in zip(pool, best_parts, cosines, strict=True)
        ]
        return sorted(candidates, key=lambda candidate: -candidate.score)

    def _part_of(self, entry: int) -> str:
        number, place = place_of(entry)
        return parts(self._numbered[number])[place]


def _entry(candidate: Candidate) -> int:
    """The number of its best part."""
    return entry_of(candidate.arrived, candidate.best_part)


def _ranks(ranking: Iterable[int]) -> dict[int, int]:
    return {number: rank for rank, number in enumerate(ranking, start=1)}


def _headed(passages: Iterable[Passage]) -> Counter[str]:
    """The words of headings, and of what they say behind those of their pages: of how many."""
    return Counter(words for passage in passages for words in _heading_words(passage))


def _heading_words(passage: Passage) -> set[str]:
    if not passage.heading:
        return set()
    own = passage.heading.rpartition(PATH_SEPARATOR)[2]
    return {_plain_words(heading) for heading in (passage.heading, own)} - {""}


def _plain_words(text: str) -> str:
    return " ".join(WORD.findall(text.casefold()))
