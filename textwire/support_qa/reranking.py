"""The best passages of a question, read once more: question and passage together, by one model.

A retriever reads each text for itself, so that passages can be found by their vectors. A
cross-encoder reads a question beside a passage, every word of the one in sight of the other. That
is slower by the number of passages, so only the best of the retriever's are read.

Source: Nogueira and Cho 2019, arXiv:1901.04085.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from textwire.errors import ArtifactError
from textwire.models.engines.classifier import Classifier
from textwire.models.engines.encoder import Vectors
from textwire.support_qa.dialogue_acts import BETWEEN, SEPARATOR
from textwire.support_qa.passage_index import Candidate
from textwire.support_qa.passage_texts import parts

TASK = "reranker"
LABELS = ("other", "answers")
# What is asked stands at the end of a question that was read with the turns before it.
QUESTION_CHARACTERS = 400
# Log odds beyond this say no more: float32 has no probabilities between 1 and 1 - 6e-8.
SUREST = 12.0


def pair_text(question: str, passage: str) -> str:
    """What the model reads, in training too."""
    asked = question[-QUESTION_CHARACTERS:].replace(SEPARATOR, " ")
    return f"{asked}{BETWEEN}{passage.replace(SEPARATOR, ' ')}"


def candidate_text(candidate: Candidate) -> str:
    """What is read of a candidate: its heading, and the part that is nearest to the question."""
    return parts(candidate.passage)[candidate.best_part]


class Reranker:
    """Says of candidates how likely each answers its question, and puts the likeliest first."""

    def __init__(self, classifier: Classifier, weight: float) -> None:
        """Take a model of `LABELS`, and what its log odds weigh beside the retriever's scores.

        Raises: ArtifactError: the model tells something else.
        """
        if set(classifier.labels) != set(LABELS):
            raise ArtifactError(
                f"The model {classifier.name} tells {', '.join(classifier.labels) or 'nothing'}, "
                f"where {', '.join(LABELS)} are read. Run `pipelines reranker run --force`."
            )
        self._classifier = classifier
        self._weight = weight

    def reranked(
        self, questions: Sequence[str], found: Sequence[Sequence[Candidate]], k: int
    ) -> list[list[Candidate]]:
        """The k best of each question's candidates by both scores, best first.

        Of candidates with equal scores the retriever's order stays. All of them are read in one
        go, so several questions cost less than each alone.
        """
        read = self.read(questions, found)
        return [fused(candidates, self._weight)[:k] for candidates in read]

    def read(
        self, questions: Sequence[str], found: Sequence[Sequence[Candidate]]
    ) -> list[list[Candidate]]:
        """The same candidates in the same order, each with its relevance."""
        texts = [
            pair_text(question, candidate_text(candidate))
            for question, candidates in zip(questions, found, strict=True)
            for candidate in candidates
        ]
        odds = iter(log_odds(self._classifier, texts))
        return [
            [replace(candidate, relevance=float(next(odds))) for candidate in candidates]
            for candidates in found
        ]


def log_odds(classifier: Classifier, texts: Sequence[str]) -> Vectors:
    """Log odds that passages answer, (n,) float32, of n pairs as `pair_text` writes them."""
    if not texts:
        return np.empty(0, dtype=np.float32)
    column = classifier.labels.index("answers")
    p = classifier.classify(texts).labels[:, column].astype(np.float64)
    with np.errstate(divide="ignore"):
        odds = np.log(p) - np.log1p(-p)
    bounded: Vectors = np.clip(odds, -SUREST, SUREST).astype(np.float32)
    return bounded


def fused(candidates: Sequence[Candidate], weight: float) -> list[Candidate]:
    """Candidates by score + weight * log odds, best first; those are their scores from here on.

    Args: weight: of the log odds, 0 to 1; scores lie between -1 and 2.
    """
    scored = [replace(one, score=one.score + weight * (one.relevance or 0.0)) for one in candidates]
    return sorted(scored, key=lambda candidate: -candidate.score)
