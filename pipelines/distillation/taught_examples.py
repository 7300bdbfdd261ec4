"""Texts of which some have labels and all have a teacher's word."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.classification.examples import Examples
from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class TaughtExamples:
    """n texts: the first ones labelled, the others by their teachers alone.

    examples  of all of them; what it says of those that are not labelled counts nothing.
    labelled  (n,) bool.
    whole     (n,) bool, whether topics can be told of a text.
    soft      (n, labels + topics) float32, the teachers' logits.
    states    (n, layers, width) float32, of its layers; None where only what is said counts.
    heard     (n,) bool, whether what is said counts; None: of all of them.
    known     (n,) bool, whether the teacher has learned a text: of these a part is rehearsed in
              each epoch. None: all are learned in each.
    """

    examples: Examples
    labelled: NDArray[np.bool_]
    whole: NDArray[np.bool_]
    soft: Vectors
    states: Vectors | None = None
    heard: NDArray[np.bool_] | None = None
    known: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.labelled)

    def part(self, places: Sequence[int] | NDArray[np.int64]) -> TaughtExamples:
        """Some of them."""
        chosen = np.asarray(places)
        return TaughtExamples(
            self.examples.part(chosen),
            self.labelled[chosen],
            self.whole[chosen],
            self.soft[chosen],
            None if self.states is None else self.states[chosen],
            None if self.heard is None else self.heard[chosen],
            None if self.known is None else self.known[chosen],
        )

    def drawn(self, rehearsed: float, rng: random.Random) -> Sequence[int]:
        """Places of the texts of an epoch: all that are new, and that part of the known ones."""
        if self.known is None or not self.known.any():
            return range(len(self))
        known = np.flatnonzero(self.known).tolist()
        return [
            *np.flatnonzero(~self.known).tolist(),
            *rng.sample(known, round(rehearsed * len(known))),
        ]


def beside_unlabelled(
    examples: Examples, texts: Sequence[str], soft: Vectors, states: Vectors | None = None
) -> TaughtExamples:
    """Examples, followed by texts that are nobody's.

    Args: soft: (examples + texts, labels + topics) float32, what the teachers say of all.
          states: (examples + texts, layers, width) float32, of one teacher's layers.
    """
    more, topics = len(texts), examples.topics.shape[1]
    both = Examples(
        [*examples.texts, *texts],
        np.concatenate([examples.labels, np.zeros(more, dtype=np.int64)]),
        np.concatenate([examples.topics, np.zeros((more, topics), dtype=np.bool_)]),
        np.concatenate([examples.has_topics, np.zeros(more, dtype=np.bool_)]),
    )
    labelled = np.arange(len(both)) < len(examples)
    return TaughtExamples(both, labelled, both.has_topics | ~labelled, soft, states)
