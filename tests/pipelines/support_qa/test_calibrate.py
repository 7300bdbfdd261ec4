"""What confidence is fitted on, and by which weights passages are ranked."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.support_qa.calibrate import (
    choose_ranking,
    evidence_of,
    reciprocal_ranks,
    split_held_out,
)
from pipelines.support_qa.data import LabelledQuestion, SupportData
from tests.encoders import HashingEncoder, WordHashingEncoder
from textwire.models.engines.word_states import WordStates
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.ranking import RankingWeights

PASSAGES = [
    Passage(
        id=f"{thing}-{matter}",
        question=f"{thing} {matter}?",
        text=f"The {thing} and its {matter}. {n}",
    )
    for n, thing in enumerate(("card", "loan", "pot", "share"))
    for matter in ("cost", "limit", "loss", "end")
]
ASKED = [
    LabelledQuestion(f"what about the {thing} {matter} again", f"{thing}-{matter}")
    for thing in ("card", "loan", "share")
    for matter in ("cost", "loss", "end")
]
SHARES = st.sampled_from([0.0, 0.1, 0.5, 1.0])


class ScatteredEncoder(WordHashingEncoder):
    """Any direction for each text and word, so that no two passages score alike."""

    def encode(self, texts):
        return np.concatenate([np.zeros((0, self.dimension), np.float32), *map(self._any, texts)])

    def encode_words(self, texts):
        return self.encode(texts), [
            WordStates(text.split(), np.concatenate([self._any(word) for word in text.split()]))
            for text in texts
        ]

    def _any(self, text):
        vector = np.random.default_rng(crc32(text.encode())).normal(size=(1, self.dimension))
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@given(SHARES, SHARES, SHARES)
def test_weights_are_judged_by_the_ranks_that_the_index_gives(heading, words, closely) -> None:
    encoder = ScatteredEncoder()
    weights = RankingWeights(heading, words, closely)
    index = PassageIndex.build(encoder, PASSAGES, weights, encoder)
    questions, wanted = [q.text for q in ASKED], [q.passage_id for q in ASKED]
    every = index.search(questions, 99, closely=99)
    served = [[one.passage.id for one in row] for row in index.search(questions, 99)]
    assert reciprocal_ranks(weights, evidence_of(every, wanted)).tolist() == pytest.approx(
        [1 / (1 + row.index(str(id_))) for row, id_ in zip(served, wanted, strict=True)]
    )


def test_an_index_that_reads_nothing_closely_is_given_no_weight_for_it() -> None:
    assert choose_ranking(PassageIndex.build(HashingEncoder(), PASSAGES), ASKED).closely == 0.0


@pytest.mark.parametrize(("of_train", "fitted", "further"), [(2, 2, 0), (9, 3, 6)])
def test_what_nothing_answers_is_as_large_a_part_of_both_halves(of_train, fitted, further) -> None:
    nothing = [LabelledQuestion(f"weather {n}", None) for n in range(12)]
    data = SupportData(
        PASSAGES,
        ASKED,
        ASKED,
        unanswerable_train=nothing[:of_train],
        unanswerable_held_out=nothing[9:],
    )
    parts = split_held_out(data, seed=0)
    assert sum(question.passage_id is None for question in parts.fitted) == fitted
    assert len(parts.further) == further
    asked = [*parts.fitted, *parts.further, *parts.reported]
    assert len(asked) == len({id(question) for question in asked}) == len(ASKED) + of_train + 3
