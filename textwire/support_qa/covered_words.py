"""How much of a question the words of a passage cover, by their form or by their meaning.

The vector of a whole text hides a single word: "life insurance" is near to whatever is asked of
customers' lives. Here each word of the question is looked for by itself. The encoder reads words
one by one, so that a word is embedded once, however many passages have it.

Source: late interaction, Khattab and Zaharia 2020, arXiv:2004.12832, over words without context.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from textwire.models.engines.encoder import Encoder, Vectors
from textwire.search.words import LONGEST_WORD, MOST_TERMS, WordIndex, readable
from textwire.support_qa.content_words import EMPTY, NEGATIONS, words

Rows = NDArray[np.int32]
# The row that stands for the words of a part that has none; its vector is 0, so it covers nothing.
NO_WORD = 0
# Numbers of no stem: of that row, and of a question's word that no passage has in any form.
NO_STEM, UNKNOWN_STEM = -1, -2


class QuestionWords(NamedTuple):
    """The n words that say what a question is about.

    vectors: (n, d) float32, unit length. stems: (n,) int32. rarities: (n,) float32, 0 to 1.
    """

    vectors: Vectors
    stems: Rows
    rarities: Vectors


class PassageWords:
    """The words of passages' parts with their vectors, as they stood at one moment.

    Words of passages that went stay until the index is built anew: they are few beside those that
    come again. Vectors are kept in half precision, 770 bytes a word.
    """

    def __init__(self, dimension: int) -> None:
        """No passages yet. Args: dimension: of the encoder's vectors."""
        self._vectors = np.zeros((1, dimension), dtype=np.float16)
        self._stems: Rows = np.array([NO_STEM], dtype=np.int32)
        self._rows: Mapping[str, int] = {}
        self._stem_numbers: Mapping[str, int] = {}
        self._of_parts: Mapping[int, Rows] = {}

    def unknown(self, texts: Iterable[str], index: WordIndex) -> list[str]:
        """The words of texts, each once, that have no vector yet."""
        said = dict.fromkeys(word for text in texts for word in saying(text, index))
        return [word for word in said if word not in self._rows]

    def changed(
        self,
        put: Mapping[int, str],
        gone: Iterable[int],
        vectors: Mapping[str, Vectors],
        index: WordIndex,
    ) -> PassageWords:
        """The next moment: parts gone, and others put in, by their numbers.

        Args: vectors: of the words that were `unknown` of `put`, each (d,), unit length.
        """
        later = PassageWords(self._vectors.shape[1])
        stems = {word: index.terms(word)[0] for word in vectors}
        numbers = dict.fromkeys([*self._stem_numbers, *stems.values()])
        later._stem_numbers = {stem: number for number, stem in enumerate(numbers)}
        new = dict(enumerate(vectors, start=len(self._stems)))
        later._rows = {**self._rows, **{word: row for row, word in new.items()}}
        later._stems = np.append(
            self._stems,
            np.array([later._stem_numbers[stems[word]] for word in vectors], dtype=np.int32),
        )
        later._vectors = np.concatenate(
            [self._vectors, *(vector[None].astype(np.float16) for vector in vectors.values())]
        )
        left = set(gone)
        later._of_parts = {n: rows for n, rows in self._of_parts.items() if n not in left} | {
            number: later._rows_of(text, index) for number, text in put.items()
        }
        return later

    def read(
        self, questions: Sequence[str], index: WordIndex, encoder: Encoder
    ) -> list[QuestionWords]:
        """The words of questions. Those that no passage has are encoded, all of them at once."""
        said = [saying(question, index)[:MOST_TERMS] for question in questions]
        new = list(dict.fromkeys(w for some in said for w in some if w not in self._rows))
        encoded = dict(zip(new, encoder.encode(new), strict=True)) if new else {}
        return [self._read(some, encoded, index) for some in said]

    def covered(self, asked: QuestionWords, parts: Sequence[int]) -> list[float]:
        """Of how much of a question each part has a word that means it, 0 to 1; 0 of no words.

        covered = sum of rarity * nearness over the question's words / sum of rarity, where the
        nearness of a word that the part has in any form is 1, and else that of its nearest word,
        their cosine.
        """
        if not parts or not asked.rarities.any():
            return [0.0] * len(parts)
        of_each = [self._of_parts[part] for part in parts]
        rows = np.concatenate(of_each)
        nearness = asked.vectors @ self._vectors[rows].astype(np.float32).T
        nearness[asked.stems[:, None] == self._stems[rows][None]] = 1.0
        begins = np.cumsum([0, *(len(some) for some in of_each[:-1])])
        nearest = np.clip(np.maximum.reduceat(nearness, begins, axis=1), 0.0, 1.0)
        return [float(part) for part in asked.rarities @ nearest / asked.rarities.sum()]

    def _rows_of(self, text: str, index: WordIndex) -> Rows:
        return np.array([self._rows[w] for w in saying(text, index)] or [NO_WORD], dtype=np.int32)

    def _read(
        self, said: Sequence[str], encoded: Mapping[str, Vectors], index: WordIndex
    ) -> QuestionWords:
        rarities = index.rarities(" ".join(said))
        stems = [index.terms(word)[0] for word in said]
        vectors = [
            encoded[word] if word in encoded else self._vectors[self._rows[word]] for word in said
        ]
        return QuestionWords(
            np.array(vectors, dtype=np.float32).reshape(len(said), self._vectors.shape[1]),
            np.array(
                [self._stem_numbers.get(stem, UNKNOWN_STEM) for stem in stems], dtype=np.int32
            ),
            np.array([rarities.get(stem, 1.0) for stem in stems], dtype=np.float32),
        )


def saying(text: str, index: WordIndex) -> list[str]:
    """The words of a text that say what it is about, each once, in lower case.

    Without those that the index does not search: stop words of its language.
    """
    different = dict.fromkeys(words(readable(text)))
    return [
        word
        for word in different
        if 1 < len(word) <= LONGEST_WORD
        and word not in EMPTY
        and word not in NEGATIONS
        and index.terms(word)
    ]
