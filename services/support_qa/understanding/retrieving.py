"""What each message's searches find: passages, how surely the first answers, and its sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from services.support_qa.config import SupportQaSettings
from services.support_qa.knowledge.snapshot import RetrievalSnapshot
from services.support_qa.replying.extracting import extracted
from services.support_qa.replying.replying import Found
from services.support_qa.understanding.reranking import Reranking
from services.support_qa.understanding.searching import Encoded, Search, encode_searches
from services.support_qa.understanding.understanding import Understood, each_a_new_passage
from textwire.models.artifacts.manifest import Calibration
from textwire.observing.stages import Timed
from textwire.support_qa.confidence import with_fits
from textwire.support_qa.contradictions import Contradiction, newest_first
from textwire.support_qa.messages import Question, Turn
from textwire.support_qa.passage_filters import PassageFilter
from textwire.support_qa.passage_index import Candidate

T = TypeVar("T")


class Retrieval:
    """Searches for all messages of a batch at once: encode, retrieve, rerank, weigh, extract."""

    def __init__(
        self,
        settings: SupportQaSettings,
        timed: Timed = nullcontext,
        contradicted: Callable[[Contradiction], None] = lambda _: None,
    ) -> None:
        """`timed` measures a stage; `contradicted` is told of passages that contradict."""
        self._settings = settings
        self._timed = timed
        self._contradicted = contradicted

    def found(
        self,
        snapshot: RetrievalSnapshot,
        reranking: Reranking | None,
        questions: Sequence[Question],
        messages: Sequence[Understood],
        before: Sequence[Sequence[Turn]],
        least_confidence: float,
    ) -> list[list[Found]]:
        """What each search of each message found.

        Args:    before: the turns before each question.
                 least_confidence: from which on sentences are extracted, to answer with.
        Returns: for each message as many as it has searches.
        """
        counts = [len(message.all_searches) for message in messages]
        searches = [
            Search(*snapshot.index.corrected(search))
            for message in messages
            for search in message.all_searches
        ]
        if not searches:
            return [[] for _ in messages]
        places = [place for place, count in enumerate(counts) for _ in range(count)]
        filters = [PassageFilter.of(questions[place]) for place in places]
        with self._timed("infer"):
            encoded = encode_searches(searches, snapshot.index.encoder, snapshot.index.word_encoder)
        candidates = self._candidates(snapshot, reranking, searches, encoded, filters)
        calibration = (reranking or snapshot).calibration
        found = [
            self._weighed(some, calibration)
            for message, of_message in zip(messages, _apart(candidates, counts), strict=True)
            for some in each_a_new_passage(message, of_message)
        ]
        asked = [(questions[place].text, before[place]) for place in places]
        told = self._with_sentences(snapshot, found, encoded, asked, least_confidence)
        return _apart(told, counts)

    def _with_sentences(
        self,
        snapshot: RetrievalSnapshot,
        found: Sequence[Found],
        encoded: Encoded,
        asked: Sequence[tuple[str, Sequence[Turn]]],
        least_confidence: float,
    ) -> list[Found]:
        """The same, with sentences to answer with where that is sure enough."""
        sure = [
            n
            for n, one in enumerate(found)
            if one.candidates and one.confidence >= least_confidence
        ]
        with self._timed("extract"):
            sentences = extracted(
                [found[n].candidates[0] for n in sure],
                encoded.vectors[sure],
                [asked[n][0] for n in sure],
                [asked[n][1] for n in sure],
                snapshot.sentence_encoder,
            )
        told = dict(zip(sure, sentences, strict=True))
        return [
            one._replace(sentences=told[n]) if n in told else one for n, one in enumerate(found)
        ]

    def _candidates(
        self,
        snapshot: RetrievalSnapshot,
        reranking: Reranking | None,
        searches: Sequence[Search],
        encoded: Encoded,
        filters: Sequence[PassageFilter],
    ) -> list[list[Candidate]]:
        """The best passages of each search, best first."""
        depth = self._settings.candidates
        wide = max(depth, self._settings.reranked if reranking else 0)
        texts = [search.text for search in searches]
        with self._timed("retrieve"):
            candidates = snapshot.index.search_encoded(
                texts, encoded.vectors, wide, filters, readings=encoded.readings
            )
        if reranking is None:
            return candidates
        with self._timed("rerank"):
            whole = [search.whole for search in searches]
            return reranking.reranker.reranked(whole, candidates, depth)

    def _weighed(self, candidates: Sequence[Candidate], calibration: Calibration) -> Found:
        """How sure the first answers; of two that contradict each other the newer is the first."""
        ordered, contradiction = newest_first(candidates)
        fitting = with_fits(ordered, calibration)
        if not fitting:
            return Found((), 0.0)
        if contradiction is None:
            return Found(fitting, fitting[0].fit)
        self._contradicted(contradiction)
        lowered = replace(fitting[0], fit=fitting[0].fit * contradiction.factor)
        return Found([lowered, *fitting[1:]], lowered.fit)


def _apart(flat: Iterable[T], counts: Iterable[int]) -> list[list[T]]:
    """So many in turn of a row."""
    rest = iter(flat)
    return [list(islice(rest, count)) for count in counts]
