"""Moments: before something is shown, with what was liked after."""

from datetime import timedelta

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.impressions import Moment, find_moments
from tests.pipelines.recommendations.small_shop import START, made, small_items

GAP = timedelta(minutes=30)


def moments_of(*told: tuple) -> list[Moment]:
    events = [
        made(0, kind, START + timedelta(minutes=minutes), item_id, text)
        for minutes, kind, item_id, text in told
    ]
    return find_moments(ShopData(small_items(), events), GAP)


def test_a_visit_begins_with_a_moment_and_each_opened_thing_makes_another() -> None:
    first, second = moments_of(
        (0, "impression", "card1", None),
        (1, "impression", "card2", None),
        (2, "click", "card2", None),
        (3, "impression", "card3", None),
        (4, "click", "card3", None),
    )
    assert (first.place, first.liked, first.ignored) == (0, ("card2", "card3"), ("card1",))
    assert (second.place, second.liked, second.ignored) == (3, ("card3",), ())


def test_what_was_searched_for_is_the_context_of_the_next_list_alone() -> None:
    first, second = moments_of(
        (0, "search", None, "a card"),
        (1, "impression", "card1", None),
        (2, "click", "card1", None),
        (3, "impression", "card2", None),
    )
    assert (first.place, first.context) == (1, "a card")
    assert (second.place, second.context) == (3, None)


def test_what_follows_the_same_thing_is_no_new_moment() -> None:
    found = moments_of(
        (0, "impression", "card1", None),
        (1, "click", "card1", None),
        (2, "add_to_cart", "card1", None),
        (3, "purchase", "card1", None),
    )
    assert [moment.place for moment in found] == [0]
    assert found[0].liked == ("card1",)


def test_to_buy_the_same_again_is_a_wish_of_its_own() -> None:
    found = moments_of(
        (0, "click", "card1", None),
        (1, "purchase", "card1", None),
        (1, "purchase", "card2", None),
        (1, "purchase", "card1", None),
        (2, "click", "card1", None),
    )
    assert [(moment.place, moment.liked) for moment in found] == [
        (0, ("card1", "card2")),
        (2, ("card2", "card1")),
        (3, ("card1",)),
    ]


def test_a_longer_silence_ends_a_visit_and_a_review_is_no_look() -> None:
    found = moments_of(
        (0, "impression", "card1", None),
        (45, "rating", "card1", None),
        (46, "comment", "card1", "good"),
        (47, "click", "card2", None),
    )
    assert [(moment.place, moment.liked) for moment in found] == [(0, ()), (3, ("card2",))]


def test_unknown_items_are_neither_liked_nor_ignored() -> None:
    (found,) = moments_of((0, "impression", "gone", None), (1, "impression", "card1", None))
    assert (found.liked, found.ignored) == ((), ("card1",))
