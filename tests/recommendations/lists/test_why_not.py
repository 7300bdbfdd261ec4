from __future__ import annotations

import numpy as np

from tests.recommendations.shop import BREAD, NOON, PAN, TENT
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import Popularity, PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.list_building import RankedList, build_lists
from textwire.recommendations.lists.why_not import DROPPED_WORDS, explained
from textwire.recommendations.messages import DropReason, Item, ScoredItem, ScoreRequest, WhyNot
from textwire.recommendations.ranking.features import FEATURES

LARGE = Item(id="large", title="A bread pan, large", group="pan")
SMALL = Item(id="small", title="A bread pan, small", group="pan")
ITEMS = (BREAD, TENT, PAN, LARGE, SMALL)
BY_ID = {item.id: item for item in ITEMS}
# bread and pan lie side by side; tent and the rest away from them and from one another.
VECTORS = np.eye(5, 6, dtype=np.float32)
VECTORS[2] = 0.8 * VECTORS[0] + 0.6 * VECTORS[2]


class ByMatch:
    """Scores by what was asked for."""

    name = "by match"

    def score(self, features: Vectors) -> Vectors:
        match = features[:, FEATURES.index("context_match")]
        scores: Vectors = (0.5 + match / 3).astype(np.float32)
        return scores


def ranked(*looked_at: str) -> RankedList:
    index = ItemIndex.empty(6).changed(ITEMS, VECTORS)
    context = np.array([0.9, 0.3, 0.2, 0.2, 0.1, 0.0], dtype=np.float32)
    request = ScoreRequest(user_id="u", candidates=looked_at, context="bread")
    query = RankingQuery.of(request, None, context / np.linalg.norm(context), 6)
    (made,) = build_lists(
        index,
        ByMatch(),
        [query.located(index)],
        PopularitySnapshot.of(Popularity()),
        RecommendationsSettings(),
        NOON,
    )
    return made


def listed(*ids: str, of: RankedList) -> list[ScoredItem]:
    scores = dict(zip((item.id for item in of.candidates.items), of.scores, strict=True))
    return [
        ScoredItem(item_id=one, rank=rank, score=float(scores[one]), parts={}, reason="")
        for rank, one in enumerate(ids, 1)
    ]


def why(
    item_id: str,
    ids: tuple[str, ...],
    looked_at: RankedList,
    alone: RankedList | None = None,
    dropped: DropReason | None = None,
) -> WhyNot:
    there = listed(*ids, of=looked_at)
    return explained(item_id, there, looked_at, alone, lambda _: dropped, BY_ID.get)


ALL = ranked("bread", "tent", "pan", "large", "small")


def test_what_is_listed_is_told_with_its_place() -> None:
    found = why("pan", ("bread", "pan"), ALL)
    assert (found.step, found.place, found.words) == ("listed", 2, "It is listed, at 2.")


def test_what_may_not_be_offered_is_told_with_that_reason() -> None:
    for reason, words in DROPPED_WORDS.items():
        found = why("tent", ("bread",), ALL, dropped=reason)
        assert (found.step, found.words) == (reason, words)


def test_what_was_not_looked_at_is_told_with_the_place_that_its_score_would_have() -> None:
    found = why("tent", ("bread",), ranked("bread", "pan"), alone=ranked("tent"))
    assert (found.step, found.place) == ("not_found", 3)
    unseen = why("tent", ("bread",), ranked("bread", "pan"))
    assert (unseen.step, unseen.score, unseen.place) == ("not_found", None, None)


def test_another_size_of_what_is_listed_is_a_variant_of_it() -> None:
    found = why("large", ("bread", "small"), ALL)
    assert (found.step, found.other) == ("variant", "small")


def test_what_scores_more_than_the_last_is_too_much_like_one_before_it() -> None:
    found = why("pan", ("bread", "tent"), ALL)
    assert (found.step, found.place, found.other) == ("too_alike", 2, "bread")


def test_what_scores_less_is_told_with_its_place_among_all() -> None:
    found = why("tent", ("bread", "pan"), ALL)
    assert (found.step, found.place) == ("scored_lower", 3)
    assert found.words == "Its score would put it at 3 of 5 that were looked at."
