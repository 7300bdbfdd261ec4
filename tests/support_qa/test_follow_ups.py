import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.follow_ups import LONGEST_CHAIN, is_elliptic, read_with_turns

ORDER = "How do I order a physical card?"


@pytest.mark.parametrize(
    "text",
    [
        "and how long does that take?",
        "what about Metal?",
        "How much?",
        "why",
        "ok thanks, and abroad?",
        "can I cancel it?",
        "what does it cost",
        "or with Plus?",
        "Is that free?",
        "how long does it take then",
    ],
)
def test_an_elliptic_question_is_read_with_the_one_before(text) -> None:
    assert read_with_turns(text, [ORDER]) == f"{ORDER}\n{text}"


@pytest.mark.parametrize(
    "text",
    [
        "How do I close my account?",
        "I lost my card, can I freeze it?",
        "card pin??",
        "Is there a fee for sending money to Poland?",
        "ok so how do I change my daily limit for card payments",
        "My wife's phone was stolen on holiday and now she cannot pay with it, what should she do?",
        "信用卡丢了怎么办",
    ],
)
def test_a_self_contained_question_is_left_alone(text) -> None:
    assert read_with_turns(text, [ORDER]) == text


def test_a_chain_is_followed_back_to_a_question_that_stands_alone() -> None:
    previous = ["Where is my parcel?", ORDER, "how long does it take?"]
    assert (
        read_with_turns("and abroad?", previous) == f"{ORDER}\nhow long does it take?\nand abroad?"
    )


def test_a_chain_has_an_end() -> None:
    read = read_with_turns("why?", ["why?"] * 10)
    assert read.count("why?") == LONGEST_CHAIN + 1


@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_can_be_read_and_comes_last(text, previous) -> None:
    assert read_with_turns(text, previous).endswith(text)
    assert read_with_turns(text, []) == text


def test_a_text_without_words_is_not_elliptic() -> None:
    assert not is_elliptic("???")
