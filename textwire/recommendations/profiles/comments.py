"""What a comment says: of the item or only of the purchase, and whether it speaks against it.

    y = [v, 1] W,    W = argmin  sum_i c_i (y_i - [v_i, 1] w)^2 + RIDGE |w|^2

v_i are the vectors of examples that come with the package, read by the very encoder that serves,
y_i their answers as +1 and -1, and c_i lets both answers weigh the same. So each encoder has a
reader of its own, fitted in milliseconds, and a comment costs nothing beyond the vector that it has
anyway. Examples are English. Words that tell the tone (`tone_words`) speak beside the vector, and
alone where a comment is in a language that the encoder does not read, or has no words at all: then
it adds nothing to what the item says of taste.

Source: Hoerl and Kennard 1970, "Ridge regression: biased estimation for nonorthogonal problems".
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from textwire.language import foreign_language
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.recommendations.lists.reading import is_read
from textwire.recommendations.profiles.tone_words import (
    complains_of_service,
    speaks_of_service,
    tone_of,
)

EXAMPLES_FILE = "comment_examples.jsonl"
RIDGE = 1.0
# A rating of so many stars of five speaks against an item.
LOW_STARS = 2.0
# Below this share of what it could say of taste, a comment's words are not repeated to anybody.
WORTH_QUOTING = 0.5
# A complaint is about the item unless it says more of the purchase: most are short.
WORTH_TURNING_DOWN = 0.25
# Who asks about an item does not say yet that they like it.
ASKED_ONLY = 0.5
# How much of an answer's scale, -1 to 1, words that tell the tone are worth.
TOLD_BY_WORDS = 0.6


class CommentReading(NamedTuple):
    """What a comment says.

    against      whether it speaks against what it is about.
    substance    how much it says of the item beyond courtesy and the purchase, in [0, 1].
    of_purchase  whether it has words of the delivery or the seller.
    """

    against: bool
    substance: float
    of_purchase: bool = False

    @property
    def against_item(self) -> bool:
        """Whether it is the item that it speaks against, and not the delivery."""
        least = WORTH_QUOTING if self.of_purchase else WORTH_TURNING_DOWN
        return self.against and self.substance >= least

    @property
    def quotable(self) -> bool:
        """Whether the words may be given back as what the user likes."""
        return not self.against and self.substance >= WORTH_QUOTING


class CommentExample(msgspec.Struct, frozen=True):
    """A comment and how it is to be read."""

    text: str
    tone: Literal["for", "neither", "against"]
    subject: Literal["item", "service"]


class CommentReader:
    """Reads comments by their words and vectors."""

    def __init__(self, encoder: Encoder, languages: Sequence[str] = ("en",)) -> None:
        """Fitted to an encoder's vectors of the examples.

        Args: languages: that the encoder reads (ISO 639-1); none: all.
        """
        examples = comment_examples()
        vectors = encoder.encode([example.text for example in examples])
        against = np.array([example.tone == "against" for example in examples])
        service = np.array([example.subject == "service" for example in examples])
        self._against = _fitted(vectors, against)
        self._service = _fitted(vectors, service)
        self._languages = tuple(languages)

    def read(self, words: str, vector: Vectors, stars: float | None = None) -> CommentReading:
        """One comment.

        Args: vector: (d,) float32, unit length, of its words.
              stars: on a scale from 1 to 5, given with it; they say more of its tone than words.
        """
        told = tone_of(words)
        is_known = self._reads(words)
        against = (_answer(self._against, vector) if is_known else 0.0) > TOLD_BY_WORDS * told
        if stars is not None:
            against = stars <= LOW_STARS
        of_purchase = complains_of_service(words) if against else speaks_of_service(words)
        if is_known:
            substance = min(1.0, max(0.0, 0.5 - _answer(self._service, vector)))
        else:
            # Whom it blames is told by its words; what it praises would be noise.
            substance = float(against and not of_purchase)
        if words.rstrip().endswith(("?", "？")) and told <= 0:
            substance *= ASKED_ONLY
        if against and told < 0 and not of_purchase:
            # "Fast shipping, but the handle broke" is mostly of the shipping, and against the item.
            substance = max(substance, WORTH_TURNING_DOWN)
        return CommentReading(against, substance, of_purchase)

    def _reads(self, words: str) -> bool:
        if not any(letter.isalpha() for letter in words):
            return False
        if not self._languages:
            return True
        written = foreign_language(words, self._languages[0])
        return is_read(words, self._languages) and written in (None, *self._languages)


@cache
def comment_examples() -> tuple[CommentExample, ...]:
    """The examples that readers are fitted to."""
    lines = (files("textwire.recommendations.profiles") / EXAMPLES_FILE).read_bytes().splitlines()
    return tuple(msgspec.json.decode(line, type=CommentExample) for line in lines if line)


def _fitted(vectors: Vectors, answers: np.ndarray) -> Vectors:
    """Weights, (d + 1,) float32, of vectors (n, d) and answers (n,) bool."""
    inputs = np.hstack([vectors, np.ones((len(vectors), 1))]).astype(np.float64)
    share = np.where(answers, 0.5 / answers.sum(), 0.5 / (~answers).sum()) * len(answers)
    penalty = RIDGE * np.eye(inputs.shape[1])
    penalty[-1, -1] = 1e-6  # the intercept is free
    weighed = inputs.T * share
    signs = np.where(answers, 1.0, -1.0)
    weights: Vectors = np.linalg.solve(weighed @ inputs + penalty, weighed @ signs)
    return weights.astype(np.float32)


def _answer(weights: Vectors, vector: Vectors) -> float:
    return float(vector @ weights[:-1] + weights[-1])
