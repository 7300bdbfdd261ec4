from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.support_qa.handovers.summarising import (
    MOST_SENTENCES,
    SENTENCE_CHARACTERS,
    summarised,
)
from tests.services.support_qa.snapshots import AT
from textwire.support_qa.messages import Act, Turn


def said(text: str, act: Act | None = "question") -> Turn:
    return Turn(role="customer", text=text, at=AT, act=act)


def test_it_is_what_the_customer_asked_in_their_own_words() -> None:
    turns = [
        said("Hello!", "greeting"),
        Turn(role="assistant", text="How can I help?", at=AT),
        said("My card is gone. How do I freeze it? Thanks a lot for a quick answer."),
        said("I want to talk to a human", "wants_person"),
    ]
    assert summarised(turns) == "How do I freeze it?"


def test_of_what_asks_nothing_the_longest_sentence_counts() -> None:
    assert summarised([said("Hm. My card was charged twice. Odd.")]) == "My card was charged twice."


def test_who_asks_for_a_person_and_says_what_for_is_quoted() -> None:
    turn = said("I need a human. My card was charged twice today.", "wants_person")
    assert summarised([said("Hi", "greeting"), turn]) == "My card was charged twice today."


def test_where_nothing_was_asked_the_last_message_stands() -> None:
    assert summarised([said("Hi", "greeting"), said("a human!", "wants_person")]) == "a human!"


def test_of_many_the_first_and_the_last_ones_are_left() -> None:
    turns = [said(f"What is question {n}?") for n in range(5)]
    assert summarised(turns) == ("What is question 0? … What is question 3? … What is question 4?")


def test_who_said_nothing_wanted_nothing() -> None:
    assert summarised([]) is None
    assert summarised([said("  ")]) is None


@given(st.lists(st.text(max_size=400).map(said), max_size=8))
def test_whatever_was_said_it_can_be_read_at_a_glance(turns: list[Turn]) -> None:
    summary = summarised(turns)
    if summary is not None:
        assert summary.strip()
        assert len(summary) <= MOST_SENTENCES * (SENTENCE_CHARACTERS + len(" … "))
