"""Reasons: plain words about real things."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from tests.recommendations.ranking.test_features import context_of, known
from tests.recommendations.shop import BREAD, NOON, PAN, TENT, event, unit_vectors
from textwire.recommendations.counts.popularity import Popularity
from textwire.recommendations.lists.reasons import reason
from textwire.recommendations.lists.shop_names import said_category, said_title
from textwire.recommendations.messages import EventKind, Item
from textwire.recommendations.profiles.trail import Trail
from textwire.recommendations.profiles.user_profile import updated
from textwire.recommendations.ranking.features import compute_features, named_parts

VECTORS = unit_vectors(3)
ITEMS = (BREAD, TENT, PAN)


def told(context, place: int) -> str:
    row = compute_features(context, ITEMS, VECTORS)[place]
    return reason(ITEMS[place], context, named_parts(row))


def test_what_was_looked_at_is_named() -> None:
    assert told(context_of(known(("click", 0))), 2).startswith(
        "Like what you looked at under “sourdough”"
    )


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
    assert told(context, 1).startswith("Often goes with what you bought")
    assert "goes with" not in told(context, 2)
    catalogue = {item.id: item for item in ITEMS}
    row = named_parts(compute_features(context, ITEMS, VECTORS)[1])
    assert reason(TENT, context, row, catalogue.get).startswith(
        "Often goes with “Sourdough for beginners”, which you bought"
    )
    assert told(context, 0).startswith("You bought it before")


def bought_of(category: str, tags: tuple[str, ...] = (), kind: EventKind = "click") -> str:
    """The reason for a second thing of the same category and tags."""
    first = Item(id="first", title="First", category=category, tags=tags)
    happened = event(kind, "first", -1)
    context = context_of(updated(None, happened, first, VECTORS[0], 7.0))
    share = {"category_affinity": 0.5} | ({"tag_affinity": 1.0} if tags else {})
    second = replace(first, id="second", title="Second")
    return reason(second, context, share, {"first": first}.get)


@pytest.mark.parametrize(
    ("category", "said"),
    [
        ("Children > Adventure", "in Children › Adventure"),
        ("Books &gt; Children &gt; Ages 8&ndash;12", "in Children › Ages 8–12"),
        ("Home &amp; Garden", "in Home & Garden"),
        ("Sci-Fi/Fantasy", "in Sci-Fi/Fantasy"),
        ("Default Category/Gear/Bags", "in Gear › Bags"),
        ("Kinder » Bücher für Kinder ab 8", "in Kinder › Bücher für Kinder ab 8"),
        ("running_and_fitness", "in running and fitness"),
        ("图书 > 儿童", "in 图书 › 儿童"),
        ("Shop > Cookbooks > Uncategorized", "in Cookbooks"),
    ],
)
def test_a_category_is_said_as_a_shop_would(category: str, said: str) -> None:
    assert bought_of(category) == f"Like what you looked at {said}"
    assert bought_of(category, kind="purchase") == f"Like what you bought {said}"


@pytest.mark.parametrize("category", ["Uncategorized", "2271", "Sonstiges", "n/a", " > "])
def test_a_category_that_says_nothing_is_not_said(category: str) -> None:
    assert bought_of(category) == "Something different"


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("adventure for ages 8 to 12", "under “adventure for ages 8 to 12”"),
        ("Books > New & noteworthy", "in Books › New & noteworthy"),
        ("ADVENTURE", "in Children › Adventure"),
        ("#vegan", "under “vegan”"),
    ],
)
def test_a_tag_is_quoted_but_where_it_is_a_category(tag: str, said: str) -> None:
    assert bought_of("Children > Adventure", (tag,)) == f"Like what you looked at {said}"


def test_long_titles_and_categories_are_cut_between_words() -> None:
    title = "The Boy Who Drew the Sea: A Novel of the North, of Storms and of a Long Way Home"
    assert said_title(title) == "“The Boy Who Drew the Sea”"
    assert said_title("Ein Wort " * 20) == f"“{' '.join(['Ein Wort'] * 5)} …”"
    long = "Everything for the very large and very sunny garden"
    assert said_category(f"Garden > {long}") == "Everything for the very large and very sunny …"


def test_an_item_that_names_a_word_of_the_request_is_not_there_to_begin_with() -> None:
    asked = context_of(None, context_vector=VECTORS[1], asked="bread baking")
    bread = Item(id="b", title="Bread from Scratch")
    assert reason(bread, asked, {"context_match": 0.6}) == (
        "You asked for “bread baking”: this is about “bread”"
    )
    rye = Item(id="r", title="Rye at home")
    assert reason(rye, asked, {"context_match": 0.5}) == "Perhaps what you mean"
    crust = replace(rye, description="A loaf with a crust, baked slowly. No bread machine.")
    assert reason(crust, asked, {"context_match": 0.5}) == "Has your word “bread”"


def test_what_is_less_alike_than_most_is_not_called_alike() -> None:
    context = context_of(known(("click", 0)), catalogue_size=60)
    plain = Item(id="x", title="x")
    alike = {"text_match": 0.4, "alike": math.log(2 / 60)}
    assert reason(plain, context, alike) == "Close to what you looked at before"
    assert reason(plain, context, alike | {"alike": math.log(0.5 / 60)}) == "Something different"


def test_a_new_user_hears_of_what_is_popular_or_new() -> None:
    popular = context_of(None, popularity=Popularity(liked={"tent": 30.0, "bread": 1.0}))
    assert told(popular, 1) == "Popular this week"
    assert told(context_of(None), 0) == "New"


def test_there_is_always_something_to_say() -> None:
    plain = Item(id="x", title="x")
    assert reason(plain, context_of(None), {}) == "To begin with"
    assert reason(plain, context_of(known(("click", 0))), {}) == "Something different"
    assert NOON is not None
