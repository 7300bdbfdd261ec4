from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.offered_choices import choice_taken, points_at_choice

CHOICES = ("How do I pay?", "What does it cost?", "When is it due?")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("How do I  pay?", 0),
        ("the first one", 0),
        ("1", 0),
        ("ok, number two please", 1),
        ("2nd", 1),
        ("I meant the third", 2),
        ("the last of these", 2),
    ],
)
def test_a_choice_is_taken_by_its_name_or_its_place(text: str, place: int) -> None:
    assert choice_taken(text, CHOICES) == CHOICES[place]


@pytest.mark.parametrize(
    "text", ["first of all, thanks", "yes", "two questions", "4", "", "one more"]
)
def test_what_says_something_else_takes_none(text: str) -> None:
    assert choice_taken(text, CHOICES) is None


def test_a_place_that_there_is_not_takes_none() -> None:
    assert choice_taken("the third one", CHOICES[:2]) is None
    assert choice_taken("the second one", ()) is None
    assert points_at_choice("the second one")


def test_a_yes_takes_what_alone_was_offered() -> None:
    assert choice_taken("yes please", CHOICES[:1]) == CHOICES[0]


@given(st.text(max_size=60))
def test_only_what_was_offered_is_taken(text: str) -> None:
    assert choice_taken(text, CHOICES) in (None, *CHOICES)
