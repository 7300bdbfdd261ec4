import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.support_qa.splitting import MOST_PARTS, clauses, split_questions, without_unwished


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "I want to close my account and also what happens to my larkpoints?",
            ["I want to close my account", "what happens to my larkpoints?"],
        ),
        (
            "whats the interest rate on pots and can I withdraw any time",
            ["whats the interest rate on pots", "can I withdraw any time"],
        ),
        (
            "Hi! Where is my parcel? Can I still change the address?",
            ["Where is my parcel?", "Can I still change the address?"],
        ),
        (
            "how do i order a card, how long does it take",
            ["how do i order a card", "how long does it take"],
        ),
        (
            "how do I book a lane how many may come",
            ["how do I book a lane", "how many may come"],
        ),
        (
            "what does the sauna cost & do I need a towel",
            ["what does the sauna cost", "do I need a towel"],
        ),
        (
            "My skates are blunt. Separately, the locker kept my coin.",
            ["My skates are blunt.", "Separately, the locker kept my coin."],
        ),
        ("1) cancel my lesson 2) change my phone", ["cancel my lesson", "change my phone"]),
        (
            "I give up. why is the pool cold and when is it warm again",
            ["I give up.", "why is the pool cold", "when is it warm again"],
        ),
        (
            "I hurt my knee on court two. Was lovely otherwise. Who pays? How do I claim it?",
            ["I hurt my knee on court two.", "Was lovely otherwise.", "How do I claim it?"],
        ),
        (
            "We came on Friday. The kids loved it. The slide was shut. When is it open? "
            "Can we come again for free?",
            ["We came on Friday.", "When is it open?", "Can we come again for free?"],
        ),
        ("is it free", ["is it free"]),
        ("salt and pepper", ["salt and pepper"]),
    ],
)
def test_questions_are_taken_apart_where_a_new_one_begins(text: str, parts: list[str]) -> None:
    assert split_questions(text) == parts


@given(st.text(max_size=300))
def test_parts_come_from_the_text_in_its_order(text: str) -> None:
    parts = split_questions(text)
    assert 1 <= len(parts) <= MOST_PARTS
    if len(parts) > 1:
        plain, place = " ".join(text.split()), 0
        for part in parts:
            place = plain.index(part, place) + len(part)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", [" ", ", ", "and ", "? ", "and how "])
def test_the_longest_message_is_split_quickly(piece: str) -> None:
    split_questions((piece * 8_000)[:8_000])
    without_unwished((piece * 8_000)[:8_000])


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("I do not want to close my account, I want to upgrade", "I want to upgrade"),
        ("I did NOT ask for a person, just tell me the fee", "just tell me the fee"),
        ("Do not connect me to an agent. How do I change my PIN?", "How do I change my PIN?"),
        ("I don't want to close my account", "I don't want to close my account"),
        ("why can I not log in", "why can I not log in"),
    ],
)
def test_what_is_not_wished_is_left_out_where_something_else_is(text: str, wished: str) -> None:
    assert without_unwished(text) == wished


def test_clauses_are_what_stands_between_marks() -> None:
    assert clauses("I hate this machine, it swallowed my card") == [
        "I hate this machine",
        "it swallowed my card",
    ]
