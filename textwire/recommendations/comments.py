"""What a comment says: of the item or only of the purchase, and whether it speaks against it.

    y = [v, 1] W,    W = argmin  sum_i c_i (y_i - [v_i, 1] w)^2 + RIDGE |w|^2

v_i are the vectors of examples that come with the package, read by the very encoder that serves,
y_i their answers as +1 and -1, and c_i lets both answers weigh the same. So each encoder has a
reader of its own, fitted in milliseconds, and a comment costs nothing beyond the vector that it has
anyway. Examples are English: in other languages it is as good as the encoder carries them over.

Source: Hoerl and Kennard 1970, "Ridge regression: biased estimation for nonorthogonal problems".
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from textwire.models.encoder import Encoder, Vectors

EXAMPLES_FILE = "comment_examples.jsonl"
RIDGE = 1.0
# A rating of so many stars of five speaks against an item.
LOW_STARS = 2.0
# Below this share of what it could say of taste, a comment's words are not repeated to anybody.
WORTH_QUOTING = 0.5


class CommentReading(NamedTuple):
    """What a comment says.

    against    whether it speaks against what it is about.
    substance  how much it says of the item beyond courtesy and the purchase, in [0, 1].
    """

    against: bool
    substance: float

    @property
    def against_item(self) -> bool:
        """Whether it is the item that it speaks against, and not the delivery."""
        return self.against and self.substance >= WORTH_QUOTING

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
    """Reads comments by their vectors."""

    def __init__(self, encoder: Encoder) -> None:
        """Fitted to an encoder's vectors of the examples."""
        examples = comment_examples()
        vectors = encoder.encode([example.text for example in examples])
        against = np.array([example.tone == "against" for example in examples])
        service = np.array([example.subject == "service" for example in examples])
        self._against = _fitted(vectors, against)
        self._service = _fitted(vectors, service)

    def read(self, vector: Vectors, stars: float | None = None) -> CommentReading:
        """One comment.

        Args: vector: (d,) float32, unit length, of its text.
              stars: on a scale from 1 to 5, given with it; they say more of its tone than words.
        """
        against = _answer(self._against, vector) > 0.0
        if stars is not None:
            against = stars <= LOW_STARS
        service = _answer(self._service, vector)
        return CommentReading(against, min(1.0, max(0.0, 0.5 - service)))


@cache
def comment_examples() -> tuple[CommentExample, ...]:
    """The examples that readers are fitted to."""
    lines = (files("textwire.recommendations") / EXAMPLES_FILE).read_bytes().splitlines()
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
