"""The fixed suite of noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.comparing.noise import SUITE, disturb_by, without_a_word, without_accents

texts = st.text(max_size=60)


@pytest.mark.parametrize("name", SUITE)
@given(text=texts)
def test_a_text_is_disturbed_the_same_way_each_time(name: str, text: str) -> None:
    assert disturb_by(SUITE[name])(text) == disturb_by(SUITE[name])(text)


@pytest.mark.parametrize("name", SUITE)
def test_each_noise_changes_something(name: str) -> None:
    texts = ["Where is my Café card, please?", "I can't pay, the fee is too high!"]
    assert any(disturb_by(SUITE[name])(text) != text for text in texts)


def test_a_word_alone_stays() -> None:
    assert disturb_by(without_a_word)("card") == "card"


def test_letters_lose_what_stands_above_them() -> None:
    assert disturb_by(without_accents)("Café crème") == "Cafe creme"
