from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import NOON, unit_vectors
from textwire.recommendations.catalogue.item_index import ItemIndex
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.turned_down import put_down
from textwire.recommendations.results import Profile

THINGS = tuple(Item(id=f"i{n}", title=f"Thing {n}") for n in range(6))
VECTORS = unit_vectors(6)
INDEX = ItemIndex.empty(16).changed(THINGS, VECTORS)
SCORES = np.linspace(0.1, 0.9, 6, dtype=np.float32)
IDS = st.sampled_from([item.id for item in THINGS] + ["ghost"])


def after(**known: object) -> np.ndarray:
    profile = Profile(user_id="u", at=NOON, **known)
    return put_down(INDEX, profile, THINGS, VECTORS, SCORES)


@given(st.lists(IDS, max_size=4), st.dictionaries(IDS, st.floats(0, 50), max_size=4))
def test_no_score_rises_and_none_falls_below_zero(disliked, shown) -> None:
    found = after(disliked=tuple(disliked), shown=shown)
    assert (found <= SCORES + 1e-6).all()
    assert (found >= 0).all()


def test_what_is_nearest_falls_most_and_what_is_liked_as_much_does_not() -> None:
    assert after(disliked=("i0",))[0] < 0.1 * SCORES[0]
    assert after(disliked=("i0",), seen={"i0": 1.0})[0] == SCORES[0]


def test_a_few_showings_are_no_sign() -> None:
    assert after(shown={"i0": 3.0})[0] == SCORES[0]
    assert np.isclose(after(shown={"i0": 6.0})[0], SCORES[0] / 2)


def test_where_nothing_is_known_nothing_changes() -> None:
    assert put_down(INDEX, None, THINGS, VECTORS, SCORES) is SCORES
    assert after() is SCORES
    disliking = Profile(user_id="u", at=NOON, disliked=("i0",))
    assert put_down(INDEX, disliking, [], VECTORS[:0], SCORES[:0]).shape == (0,)
