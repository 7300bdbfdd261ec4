"""The prior: a distribution over the catalogue, by whatever is known, on any scale of the log."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import unit_vectors
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.counts.co_occurrence import Taken
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.profiles.trail import Trail
from textwire.recommendations.ranking.prior import Evidence, Known, weigh

IDS = [f"i{n}" for n in range(30)]
VECTORS = unit_vectors(30)
UNIT = 1_000


def trail(*places: int, bought: frozenset[str] = frozenset()) -> Trail:
    shares = np.full(len(places), 1 / max(1, len(places)), dtype=np.float32)
    ids = tuple(IDS[place] for place in places)
    return Trail(ids, shares, VECTORS[list(places)], bought)


def evidence(**known: object) -> Evidence:
    usual: dict[str, object] = {
        "trail": Trail(),
        "neighbours": {},
        "taken": Taken(),
        "lately": Popularity(),
        "profile_vector": None,
        "context_vector": None,
        "catalogue_size": len(IDS),
    }
    return weigh(Known(**(usual | known)), IDS, VECTORS)


@given(
    st.lists(st.integers(0, 29), max_size=5, unique=True),
    st.dictionaries(st.sampled_from(IDS), st.integers(1, 10_000)),
    st.booleans(),
)
def test_all_parts_are_finite_and_what_is_next_sums_to_at_most_one(places, units, asked) -> None:
    neighbours = {IDS[place]: {IDS[(place + 1) % 30]: 50 * UNIT} for place in places}
    found = evidence(
        trail=trail(*places),
        neighbours=neighbours,
        taken=Taken(units),
        context_vector=VECTORS[3] if asked else None,
    )
    assert np.isfinite(found.log_odds).all()
    assert (found.next >= 0).all()
    assert found.next.sum() <= 1.0 + 1e-4


def test_of_a_newcomer_what_all_took_decides() -> None:
    found = evidence(taken=Taken({"i4": 900, "i5": 100}))
    assert list(np.argsort(-found.next)[:2]) == [4, 5]


def test_what_is_taken_together_counts_the_more_the_more_of_it_is_known() -> None:
    few, many = (
        evidence(trail=trail(0), neighbours={"i0": {"i9": times * 10**3}}).next[9]
        for times in (1, 10**9)
    )
    assert many > few
    assert many == pytest.approx(1.0, abs=0.02)


def test_the_scale_of_the_log_does_not_matter() -> None:
    one, other = (
        evidence(taken=Taken({"i4": 9 * scale, "i5": scale}), trail=trail(0)).next
        for scale in (10, 10**6)
    )
    np.testing.assert_allclose(one, other, rtol=1e-5)


def test_what_is_asked_for_comes_first_and_taste_tells_the_same_apart() -> None:
    vectors: Vectors = VECTORS.copy()
    vectors[7] = vectors[3]
    popular = Taken({"i20": 10**9, "i7": 10**3})
    known = Known(Trail(), {}, popular, Popularity(), None, VECTORS[3], len(IDS))
    order = np.argsort(-weigh(known, IDS, vectors).next)
    assert list(order[:2]) == [7, 3]


def test_what_was_bought_comes_again_as_often_as_users_buy_the_same_again() -> None:
    bought = trail(0, bought=frozenset({"i0"}))
    never = evidence(trail=bought, taken=Taken({"i4": 9}, 1_000, 0)).next[0]
    often = evidence(trail=bought, taken=Taken({"i4": 9}, 1_000, 300)).next[0]
    assert never == 0.0
    assert often == pytest.approx(0.3)


def test_of_what_is_taken_together_as_often_that_is_likelier_which_many_take() -> None:
    row = {"i8": 10**9, "i9": 10**9}
    known = evidence(trail=trail(0), neighbours={"i0": row}, taken=Taken({"i9": 50, "i4": 50}))
    alone = evidence(trail=trail(0), neighbours={"i0": row})
    assert known.together[9] > known.together[8] > 0.0
    assert alone.together[9] == pytest.approx(alone.together[8])
    # What is known of pairs counts as much either way.
    assert known.together.sum() == pytest.approx(alone.together.sum(), rel=1e-5)
