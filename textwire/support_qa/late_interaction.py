"""How well the words of a passage meet those of a question, each word in its context.

A retriever's vector is the mean of all words, in which one word of a question, the one that tells
two passages apart, weighs little. Here each word looks for the one in the passage that is nearest
to it, and the mean of those cosines is weighed by how rare the question's words are.

Source: Khattab and Zaharia 2020, arXiv:2004.12832 (ColBERT), with an encoder that learned to pool;
        words weighed by rarity as after Formal et al. 2021, arXiv:2012.09650.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Vectors
from textwire.models.engines.word_states import WordEncoder, WordStates
from textwire.search.words import WordIndex
from textwire.support_qa.content_words import EMPTY

# A part of a passage has some 70 words that are no stop words: 27 KB of 384 numbers, so that this
# holds nearly 10,000 of them. What is met again is at hand, else it is read: 8 ms a part.
MOST_BYTES = 256 * 1024 * 1024
# Unit vectors in a byte a number. Their cosines are off by 0.002 (one standard deviation).
SCALE = 127

# What a follow-up leans on speaks too, and softly. Read alone, "and what does that cost" finds the
# fee of anything; as one text with the turn before it, what that one was answered with.
BESIDE = 0.3
# What "what", "my" and "do" weigh of their rarity. Without any, "What is my balance?" is a question
# of one word, and answered by whatever has it. Recall hardly differs: docs/results/support_qa.md.
SAYING_NOTHING = 0.5

Bytes = NDArray[np.int8]


class Reading(NamedTuple):
    """A question in one way to read it, alone or with the turns before it."""

    text: str
    states: WordStates


class Asked(NamedTuple):
    """A question's words with what each weighs; the weights sum to 1."""

    vectors: Vectors  # (words, width) float32, unit length
    weights: Vectors  # (words,) float32


class LateInteraction:
    """Compares questions with parts of passages, and remembers the words of those met last."""

    def __init__(self, encoder: WordEncoder, most_bytes: int = MOST_BYTES) -> None:
        self._encoder = encoder
        self._most_bytes = most_bytes
        self.remembered_bytes = 0
        self._known: OrderedDict[int, Bytes] = OrderedDict()
        # Questions and the review of the knowledge search from threads of their own.
        self._remembering = Lock()

    def read(self, questions: Sequence[str]) -> list[tuple[Reading, ...]]:
        """Each question as one reading of itself."""
        _, states = self._encoder.encode_words(questions)
        return [(Reading(*one),) for one in zip(questions, states, strict=True)]

    def scores(
        self,
        asked: Sequence[Sequence[Reading]],
        parts: Sequence[Sequence[int]],
        text_of: Callable[[int], str],
        words: WordIndex,
    ) -> list[list[float]]:
        """For each question the score of each of its parts, -1 to 1, in their order.

        Args: asked: each question as it is searched, and perhaps another reading of it, which has
              its share of the score.
              parts: numbers of texts; a number stands for one text for ever.
              text_of: the text of a number that was not met lately.
              words: by which words of a question are weighed, and stop words passed over.
        """
        wanted = {number for of_question in parts for number in of_question}
        known = self._words_of(wanted, text_of, words)
        return [
            _scores(
                [_weighed(*reading, words) for reading in readings],
                [known[number] for number in of_question],
            )
            for readings, of_question in zip(asked, parts, strict=True)
        ]

    def _words_of(
        self, wanted: Collection[int], text_of: Callable[[int], str], words: WordIndex
    ) -> dict[int, Bytes]:
        with self._remembering:
            known = {number: self._known[number] for number in wanted if number in self._known}
            for number in known:
                self._known.move_to_end(number)
        if new := [number for number in wanted if number not in known]:
            _, read = self._encoder.encode_words([text_of(number) for number in new])
            made = {number: _kept(one, words) for number, one in zip(new, read, strict=True)}
            self._remember(made)
            known |= made
        return known

    def _remember(self, made: Mapping[int, Bytes]) -> None:
        with self._remembering:
            for number, vectors in made.items():
                if number not in self._known:
                    self._known[number] = vectors
                    self.remembered_bytes += vectors.nbytes
            while self.remembered_bytes > self._most_bytes:
                _, gone = self._known.popitem(last=False)
                self.remembered_bytes -= gone.nbytes


def _kept(states: WordStates, words: WordIndex) -> Bytes:
    """The words of a passage that say something, or all where none does: (n, width)."""
    saying = np.array([bool(words.terms(word)) for word in states.words], dtype=bool)
    vectors = states.vectors[saying] if saying.any() else states.vectors
    return np.rint(vectors * SCALE).astype(np.int8)


def _weighed(question: str, states: WordStates, words: WordIndex) -> Asked:
    rarities = words.rarities(question)
    weights = np.array([_weight(word, rarities, words) for word in states.words], dtype=np.float32)
    if not weights.any():  # none says anything, or the script is searched by other pieces
        weights = np.ones_like(weights)
    return Asked(states.vectors, weights / max(float(weights.sum()), 1e-9))


def _weight(word: str, rarities: Mapping[str, float], words: WordIndex) -> float:
    """How rare a word is among the passages; less of one that says nothing of what is asked."""
    rarity = max((rarities.get(term, 0.0) for term in words.terms(word)), default=0.0)
    return SAYING_NOTHING * rarity if word.lower() in EMPTY else rarity


def _scores(readings: Sequence[Asked], passages: Sequence[Bytes]) -> list[float]:
    own, *beside = ([_score(one, passage) for passage in passages] for one in readings)
    for other in beside:
        own = [(1 - BESIDE) * one + BESIDE * two for one, two in zip(own, other, strict=True)]
    return own


def _score(asked: Asked, passage: Bytes) -> float:
    if not len(asked.weights) or not len(passage):
        return 0.0
    cosines = passage.astype(np.float32) @ asked.vectors.T / SCALE  # (its words, the question's)
    return float(asked.weights @ cosines.max(axis=0))
