from __future__ import annotations

import pytest

from services.support_qa.language_model.reading import read_sentences
from textwire.language_model.failures import NotWorded


def read(text: str, *, cut_off: bool = False) -> list[str]:
    return read_sentences(text, cut_off=cut_off)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Tap Card. Then tap Order.", ["Tap Card.", "Then tap Order."]),
        ("1. Tap **Card**.\n2. Tap `Order`.", ["Tap Card.", "Tap Order."]),
        ("- Tap Card\n* Tap Order\n\n## Done", ["Tap Card", "Tap Order", "Done"]),
        ("It takes 7 days [1]. It costs £5 (Source 2).", ["It takes 7 days.", "It costs £5."]),
        ("See [our page](https://a.example/x).", ["See our page https://a.example/x."]),
        ("<p>Tap Card.</p><br>Tap Order.", ["Tap Card.", "Tap Order."]),
        ("<think>Hm. They ask for a card.</think>Tap Card.", ["Tap Card."]),
        ("Sure! Yes, you can order a card.", ["You can order a card."]),
        ("Of course: tap Card.", ["Tap card."]),
        ("Tap Card. Tap Card. Tap Card.", ["Tap Card."]),
    ],
)
def test_sentences_are_plain_and_each_is_there_once(text, said) -> None:
    assert [one.lower() for one in read(text)] == [one.lower() for one in said]


def test_a_no_that_belongs_to_its_sentence_stays() -> None:
    assert read("No fee is charged for that.") == ["No fee is charged for that."]
    assert read("No, you cannot.") == ["You cannot."]


def test_what_was_cut_off_is_left_and_what_was_finished_is_not() -> None:
    assert read("Tap Card. It takes 4 to", cut_off=True) == ["Tap Card."]
    assert read("Tap Card. It takes 4 days.", cut_off=True) == ["Tap Card.", "It takes 4 days."]
    assert read("Tap Card. Then Order") == ["Tap Card.", "Then Order"]


@pytest.mark.parametrize("text", ["", " \n", "<think>I do not know where to begin", "****"])
def test_nothing_is_told_apart_from_something(text) -> None:
    with pytest.raises(NotWorded) as told:
        read(text)
    assert told.value.reason == "empty"


@pytest.mark.parametrize("text", ["NOTHING", "nothing.", "**NOTHING**"])
def test_that_the_passages_have_no_answer_is_understood(text) -> None:
    with pytest.raises(NotWorded) as told:
        read(text)
    assert told.value.reason == "declined"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("The passage states that cards are free.", "Cards are free."),
        ("No. According to the text, cards are free.", "Cards are free."),
        ("The passage to India is free.", "The passage to India is free."),
    ],
)
def test_that_a_passage_says_it_is_not_told(said: str, read: str) -> None:
    assert read_sentences(said, cut_off=False) == [read]
