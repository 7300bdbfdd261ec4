from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.augmentation.word_edits import (
    EDITED,
    with_words_edited,
    with_words_left_out,
    with_words_swapped,
)

TEXT = "I did not pay 20 euros for the new card that came today"


def test_half_of_all_texts_are_as_they_were() -> None:
    rng = Random(0)
    same = sum(with_words_edited(TEXT, rng) == TEXT for _ in range(2_000)) / 2_000
    assert abs(same - (1 - EDITED)) < 0.05


def test_one_word_in_ten_is_left_out_and_never_a_negation_a_number_or_a_mark() -> None:
    for seed in range(100):
        words = with_words_left_out(f"{TEXT} [MASK]", Random(seed)).split()
        assert len(words) == len(TEXT.split())
        assert {"not", "20", "[MASK]"} <= set(words)


def test_swapped_words_are_the_same_words_and_negations_stay_in_place() -> None:
    for seed in range(100):
        words = with_words_swapped(TEXT, Random(seed)).split()
        assert Counter(words) == Counter(TEXT.split())
        assert words.index("not") == 2


def test_a_text_of_three_words_is_left_as_it_is() -> None:
    assert with_words_left_out("freeze my card", Random(0)) == "freeze my card"
    assert with_words_swapped("freeze my card", Random(0)) == "freeze my card"


@given(st.text(max_size=100), st.integers(0, 2**32))
def test_any_text_comes_back_the_same_for_the_same_seed(text: str, seed: int) -> None:
    assert with_words_edited(text, Random(seed)) == with_words_edited(text, Random(seed))
