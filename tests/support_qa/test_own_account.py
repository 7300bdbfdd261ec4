from __future__ import annotations

import pytest

from textwire.support_qa.own_account import asks_of_own_account


@pytest.mark.parametrize(
    "text",
    [
        "What is my balance?",
        "balance please",
        "how many larkpoints do i have",
        "when is my next instalment due",
        "did my loan get approved",
        "what's my current card limit?",
        "which address do you have for me",
        "how much do i still owe on the loan",
        "am i on plus or metal",
    ],
)
def test_what_stands_in_the_own_account_is_asked_for(text: str) -> None:
    assert asks_of_own_account(text)


@pytest.mark.parametrize(
    "text",
    [
        "How many pots can I have?",
        "how many days do i have to return it",
        "What is the limit for transfers?",
        "When do my Larkpoints expire?",
        "When is my card charged for a shop order?",
        "Why was my card declined in a shop?",
        "How do I change my daily limit?",
        "my card was stolen",
        "How much do I have to pay for Metal?",
    ],
)
def test_how_something_works_is_no_such_question(text: str) -> None:
    assert not asks_of_own_account(text)


@pytest.mark.timeout(5)
@pytest.mark.parametrize("piece", ["how much ", "my ", "how much my ", "what is my ", "is my "])
def test_the_longest_message_is_read_quickly(piece: str) -> None:
    asks_of_own_account((piece * 8_000)[:8_000])
