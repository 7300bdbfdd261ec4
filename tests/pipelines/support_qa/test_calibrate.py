import pytest

from pipelines.support_qa.calibrate import Pool, choose_ranking
from pipelines.support_qa.data import LabelledQuestion
from tests.encoders import HashingEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex
from textwire.support_qa.ranking import RankingWeights

THINGS = ("card", "loan", "pot", "order", "parcel", "share")
DOING = ("freeze", "change", "cancel", "track", "renew")
INDEX = PassageIndex.build(
    HashingEncoder(dimension=16),  # so narrow that words fall together
    [
        Passage(
            id=f"{do}-{thing}",
            question=f"How do I {do} a {thing}?",
            text=f"Tap {thing}, then {do}. Any {thing} can be seen in the app.",
        )
        for thing in THINGS
        for do in DOING
    ],
)
QUESTIONS = ["freeze the card", "my parcel, where to track it", "renew order", "a share or a loan"]


@pytest.mark.parametrize(
    "weights",
    [RankingWeights(0.1, 0.4), RankingWeights(0.0, 0.0, 0.6), RankingWeights(0.8, 0.2, 0.1)],
)
def test_the_rank_by_which_weights_are_chosen_is_that_by_which_they_serve(
    weights: RankingWeights,
) -> None:
    found = INDEX.search(QUESTIONS, k=30)
    served = INDEX.weighing(weights).search(QUESTIONS, k=30)
    for pool, row in zip(found, served, strict=True):
        scores = [candidate.score for candidate in row[:15]]
        for place, candidate in enumerate(row):
            alike = place < 15 and scores.count(candidate.score) > 1
            rank = 1 / Pool.of(pool, candidate.passage.id).reciprocal_rank(weights)
            assert alike or rank == pytest.approx(place + 1)


def test_weights_stay_where_others_are_no_better() -> None:
    asked = [LabelledQuestion(f"How do I {do} a {t}?", f"{do}-{t}") for do in DOING for t in THINGS]
    now = RankingWeights(0.3, 0.6, 0.2)
    assert choose_ranking(INDEX.weighing(now), asked) == now
