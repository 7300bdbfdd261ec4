from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pipelines.augmentation.typing_noise import (
    DISTURBED,
    NEIGHBOURS,
    as_typed,
    with_slips,
    without_marks,
)

TEXT = "How do I change my address?"


def test_a_key_is_missed_for_one_beside_it() -> None:
    assert set(NEIGHBOURS["g"]) == set("fhtyvb")
    assert all(key in NEIGHBOURS[other] for key, others in NEIGHBOURS.items() for other in others)


def test_most_texts_are_as_they_were() -> None:
    rng = Random(0)
    same = sum(as_typed(TEXT, rng) == TEXT for _ in range(2_000)) / 2_000
    assert abs(same - (1 - DISTURBED)) < 0.05


def test_slips_leave_a_text_recognisable() -> None:
    slipped = {with_slips(TEXT, Random(seed)) for seed in range(50)}
    assert len(slipped) > 30
    assert all(abs(len(text) - len(TEXT)) <= 3 for text in slipped)


def test_marks_go() -> None:
    assert without_marks("I don't know, do you?!", Random(0)) == "I dont know do you"


@given(st.text(max_size=100), st.integers(0, 2**32))
def test_any_text_comes_back_as_a_text_the_same_for_the_same_seed(text: str, seed: int) -> None:
    assert as_typed(text, Random(seed)) == as_typed(text, Random(seed))
