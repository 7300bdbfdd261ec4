from hypothesis import given
from hypothesis import strategies as st

from textwire.search.spelling import Spelling

KNOWN = frozenset({"how", "do", "my", "the", "change", "boat", "for", "from", "form"})
TEXTS = ["How do I change my address?", "Interest on pots is paid monthly."]
SPELLING = Spelling(KNOWN).changed(TEXTS)


def test_slips_are_corrected_to_the_texts_words() -> None:
    assert SPELLING.corrected("hwo do i chnage my adress??") == "how do i change my address??"


def test_a_word_of_the_language_is_left_alone_however_near_it_is() -> None:
    assert SPELLING.corrected("the boat") == "the boat"


def test_what_is_far_from_every_word_is_left_alone() -> None:
    assert SPELLING.corrected("zebra IBAN 4711") == "zebra IBAN 4711"


def test_contractions_are_never_turned_into_their_opposites() -> None:
    spelling = Spelling(KNOWN).changed(["You can want it."])
    assert spelling.corrected("I cant, I can't, I wont") == "I cant, I can't, I wont"


def test_words_of_texts_that_went_correct_nothing_any_more() -> None:
    assert SPELLING.changed([], TEXTS).corrected("adress") == "adress"


def test_without_a_language_nothing_is_corrected() -> None:
    assert Spelling().changed(TEXTS).corrected("adress") == "adress"


@given(st.text(max_size=40))
def test_the_number_of_words_and_all_between_them_stays(text) -> None:
    assert len(SPELLING.corrected(text).split()) == len(text.split())
