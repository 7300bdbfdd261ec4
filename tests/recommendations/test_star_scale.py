"""Stars of a file, on whatever scale they were given."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from tests.recommendations.shop import event
from textwire.recommendations.messages import BehaviourEvent, EventKind
from textwire.recommendations.star_scale import StarScale


def brought_to_five(
    values: Iterable[float | None], kind: EventKind = "rating"
) -> tuple[list[float | None], StarScale]:
    events: list[BehaviourEvent] = [event(kind, value=value) for value in values]
    scale = StarScale()
    for one in events:
        scale.see(one)
    return [scale.put_right(one).value for one in events], scale


def test_stars_of_ten_become_stars_of_five() -> None:
    stars, scale = brought_to_five([10, 8, 4, 2, 1, None])
    assert stars == [5.0, 4.0, 2.0, 1.0, 0.5, None]
    assert scale.told == "Stars go up to 10, so they are read as of 10: 8 is 4 of 5."


def test_points_of_a_hundred_become_stars_of_five() -> None:
    assert brought_to_five([90, 55, 20])[0] == [4.5, 2.75, 1.0]


def test_stars_of_five_stay_as_they_are() -> None:
    stars, scale = brought_to_five([5, 3.5, 1])
    assert (stars, scale.told) == ([5, 3.5, 1], "")


def test_where_most_rows_have_none_it_says_that_nobody_gave_any() -> None:
    """So Book-Crossing writes who read a book and did not rate it."""
    stars, scale = brought_to_five([0, 0, 0, 8, 2], "purchase")
    assert stars == [None, None, None, 4.0, 1.0]
    assert "0 stands in 3 rows and is read as no stars" in scale.told


def test_what_was_paid_is_no_stars() -> None:
    assert brought_to_five([39.9, 7.5, 8], "purchase")[0] == [39.9, 7.5, 8]
    assert brought_to_five([9.99, 7.5], "purchase")[0] == [9.99, 7.5]


@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=30))
def test_of_ratings_none_is_above_five_and_their_order_stays(values: list[float]) -> None:
    stars, _ = brought_to_five(values)
    given_stars = [(value, star) for value, star in zip(values, stars, strict=True) if star]
    assert all(star <= 5.0 for _, star in given_stars)
    ordered = sorted(given_stars)
    assert [star for _, star in ordered] == sorted(star for _, star in ordered)
