"""How much a passage's heading, its text and its words count when passages are ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from textwire.models.artifacts.manifest import Probability

# BM25 has no upper end, cosines have. At this score words speak half as strongly as they can, which
# is what a passage has that shares two or three rare words with a question.
HALF_WORD_SCORE = 10.0

Figures = TypeVar("Figures", float, NDArray[np.float64])


class RankingWeights(msgspec.Struct, frozen=True):
    """Of a passage's two cosines the heading's share, and what its words add to them.

    score = heading * cos(q, heading) + (1 - heading) * cos(q, best part)
            + words * bm25 / (bm25 + 10)

    A passage without a heading has the cosine of its best part for both. The first by this score
    are read closely, and what late interaction says of each is added, times `closely`.
    """

    heading: Probability
    words: Probability
    closely: Probability = 0.0

    def score(self, heading_cosine: Figures, cosine: Figures, word_score: Figures) -> Figures:
        """Of one passage, or of many in arrays: what it is ranked by before any is read closely."""
        meaning = self.heading * heading_cosine + (1 - self.heading) * cosine
        return meaning + self.words * word_score / (word_score + HALF_WORD_SCORE)


# For knowledge that nobody chose weights for. The best for the sample bank are 0 and 0.3, for the
# FAQ threads of stackfaq 0.5 and 0.1: there what is asked stands in the headings, and words cost 3
# points. With these each is within 1.3 points of its own best; docs/results/support_qa.md.
UNTUNED = RankingWeights(heading=0.2, words=0.2, closely=1.0)


def ranking_weights(stored: Mapping[str, float]) -> RankingWeights:
    """Those that a model's manifest states, or those for knowledge that nobody tuned for."""
    return msgspec.convert(dict(stored), RankingWeights) if stored else UNTUNED
