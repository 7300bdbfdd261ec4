"""Reasons: plain words about real things."""

import numpy as np
from msgspec.structs import replace

from tests.recommendations.shop import BREAD, NOON, PAN, TENT, event, unit_vectors
from tests.recommendations.test_features import context_of, known
from textwire.recommendations.features import compute_features, named_parts
from textwire.recommendations.messages import Item
from textwire.recommendations.popularity import Popularity
from textwire.recommendations.profiles import updated
from textwire.recommendations.reasons import reason
from textwire.recommendations.trail import Trail

VECTORS = unit_vectors(3)
ITEMS = (BREAD, TENT, PAN)


def told(context, place: int) -> str:
    row = compute_features(context, ITEMS, VECTORS)[place]
    return reason(ITEMS[place], context, named_parts(row))


def test_what_was_looked_at_is_named() -> None:
    assert told(context_of(known(("click", 0))), 2).startswith("Like the sourdough things you")


def test_two_grounds_are_joined() -> None:
    assert told(context_of(known(("click", 0))), 0).endswith("and new")


def test_own_words_are_quoted_where_the_item_is_about_them() -> None:
    said = event("comment", "pan", text="My Sourdough, rose so well!")
    profile = updated(None, said, PAN, VECTORS[2], 7.0)
    assert told(context_of(profile), 0).startswith("You wrote of “My Sourdough, rose so well!”")


def test_what_is_asked_for_is_said_first() -> None:
    asked = context_of(None, context_vector=VECTORS[1], asked="something for camping")
    assert told(asked, 1) == "Fits what you asked for"


def test_what_only_lies_near_to_what_is_asked_for_does_not_fit_it() -> None:
    near = (VECTORS[1] + VECTORS[2]) / np.linalg.norm(VECTORS[1] + VECTORS[2])
    tents = context_of(None, context_vector=near, asked="light tents")
    assert told(tents, 1) == "Fits what you asked for"
    assert "asked" not in told(tents, 2)


def test_the_thing_of_another_kind_is_said_to_be_that_thing() -> None:
    gloves = Item(id="g", title="Work gloves, nitrile coated")
    glasses = Item(id="s", title="Safety glasses")
    asked = context_of(None, context_vector=VECTORS[1], asked="safety gloves")
    near = {"context_match": 0.85}
    assert reason(gloves, asked, near) == "You asked for gloves"
    assert reason(replace(gloves, description="For your safety"), asked, near) == (
        "Fits what you asked for"
    )
    assert "asked" not in reason(glasses, asked, near)


def test_what_is_asked_for_is_found_with_and_without_its_accents() -> None:
    pan = Item(id="p", title="Nonstick sauté pan")
    for words in ("saute pan", "sauté pan", "SAUTÉ PANS"):
        asked = context_of(None, context_vector=VECTORS[1], asked=words)
        assert reason(pan, asked, {"context_match": 0.6}) == "Fits what you asked for"


def test_what_is_taken_together_and_what_was_bought_before_are_said_where_true() -> None:
    context = context_of(
        known(("purchase", 0)),
        trail=Trail(("bread",), np.ones(1, dtype=np.float32), VECTORS[:1]),
        neighbours={"bread": {"tent": 10**9}},
    )
    assert told(context, 1).startswith("Often taken with what you took")
    assert "taken with" not in told(context, 2)
    assert told(context, 0).startswith("You bought it before")


def test_a_new_user_hears_of_what_is_popular_or_new() -> None:
    popular = context_of(None, popularity=Popularity(liked={"tent": 30.0, "bread": 1.0}))
    assert told(popular, 1) == "Popular this week"
    assert told(context_of(None), 0) == "New"


def test_there_is_always_something_to_say() -> None:
    plain = Item(id="x", title="x")
    assert reason(plain, context_of(None), {}) == "To begin with"
    assert reason(plain, context_of(known(("click", 0))), {}) == "Something different"
    assert NOON is not None
