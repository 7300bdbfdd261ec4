import pytest

from pipelines.augmentation.faithful import is_faithful, is_negation


@pytest.mark.parametrize(
    ("text", "wording"),
    [
        ("my card was charged twice", "my card has been charged two times"),
        ("I did not ask for it", "I didn't ask for that"),
        ("[MASK] wins the contract of 2.5 billion", "[MASK] gets the contract of 2.5 billion"),
    ],
)
def test_a_wording_that_keeps_what_matters_may_stand_for_a_text(text: str, wording: str) -> None:
    assert is_faithful(text, wording)


@pytest.mark.parametrize(
    ("why", "text", "wording"),
    [
        ("the same words", "Where is my card?", "where is my card"),
        ("nothing", "Where is my card?", ""),
        ("another number", "a transfer of 1,200.50 EUR", "a transfer of EUR 1,200"),
        ("a number more", "a fee for a transfer", "1 fee for a transfer"),
        ("a negation more", "I asked for a person", "I did not ask for a person"),
        ("a negation less", "I did NOT ask for a person", "I did ask for a human"),
        ("a mark less", "[MASK] posts a loss", "posts a loss"),
        ("half of it gone", "my card was charged twice by the shop", "my card"),
    ],
)
def test_one_that_lost_or_gained_something_may_not(why: str, text: str, wording: str) -> None:
    assert not is_faithful(text, wording), why


@pytest.mark.parametrize("word", ["not", "NOT,", "didn't", "won’t", "never!", "cannot"])
def test_negations_are_known_however_they_are_written(word: str) -> None:
    assert is_negation(word)


def test_a_word_that_only_begins_like_one_is_none() -> None:
    assert not is_negation("notice")
    assert not is_negation("nobility")
