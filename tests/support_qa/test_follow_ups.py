from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.follow_ups import LONGEST_CHAIN, asked_before, read_with_turns
from textwire.support_qa.messages import Act, Role, Turn

AT = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = "How do I order a physical card?"
FOLLOW_UP = "and how long does that take?"


def turn(text: str, act: Act | None = "question", role: Role = "customer", **fields: bool) -> Turn:
    return Turn(role=role, text=text, at=AT, act=act, **fields)


def test_a_follow_up_is_read_with_the_question_before() -> None:
    before = [turn("old"), turn(ORDER), turn("Tap Card.", None, "bot")]
    assert read_with_turns(FOLLOW_UP, before) == f"{ORDER}\n{FOLLOW_UP}"


def test_a_chain_goes_back_to_a_question_that_stands_alone() -> None:
    before = [turn("old"), turn(ORDER), turn("and for kids?", "follow_up")]
    assert read_with_turns("why", before) == f"{ORDER}\nand for kids?\nwhy"


@pytest.mark.parametrize("act", ["greeting", "thanks", "yes", "personal_data", "wants_person"])
def test_what_asks_for_nothing_is_passed_over(act: Act) -> None:
    before = [turn(ORDER), turn("something", act)]
    assert read_with_turns(FOLLOW_UP, before) == f"{ORDER}\n{FOLLOW_UP}"


def test_what_could_not_be_served_is_passed_over() -> None:
    assert read_with_turns(FOLLOW_UP, [turn(ORDER), turn("x", refused=True)]).startswith(ORDER)


def test_a_turn_of_which_nothing_was_read_counts_as_a_question() -> None:
    assert read_with_turns(FOLLOW_UP, [turn("older"), turn(ORDER, None)]).startswith(ORDER)


@given(st.lists(st.sampled_from(["follow_up", "question", "greeting"]), max_size=12))
def test_a_chain_is_bounded_and_ends_with_the_message(acts: list[Act]) -> None:
    before = [turn(f"{number}", act) for number, act in enumerate(acts)]
    lines = read_with_turns("last", before).split("\n")
    assert lines[-1] == "last"
    assert len(lines) <= LONGEST_CHAIN + 1


def test_what_was_asked_before_is_the_last_question_with_what_it_leans_on() -> None:
    before = [turn(ORDER), turn("Tap Card.", None, "bot"), turn(FOLLOW_UP, "follow_up")]
    wrong = turn("that is not it", "complaint")
    assert asked_before([*before, wrong, turn("Sorry.", None, "bot")]) == f"{ORDER}\n{FOLLOW_UP}"


def test_nothing_was_asked_before_a_greeting() -> None:
    assert asked_before([turn("hello", "greeting"), turn("Hi!", None, "bot")]) == ""
