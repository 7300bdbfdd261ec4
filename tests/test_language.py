import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.language import LANGUAGES, foreign_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Wie sperre ich meine Karte?", "de"),
        ("我的卡丢了怎么办？", "zh"),
        ("Comment bloquer ma carte ?", "fr"),
        ("¿Cómo bloqueo mi tarjeta?", "es"),
        ("ho perso la carta", "it"),
        ("Mijn pas is gestolen", "nl"),
        ("jak zablokować kartę", "pl"),
        ("カードをなくしました", "ja"),
    ],
)
def test_another_language_is_recognised(text: str, language: str) -> None:
    assert foreign_language(text, "en") == language
    assert foreign_language(text, language) is None


@pytest.mark.parametrize(
    "text", ["card pin??", "hello", "ok", "gtg", "4711", "", "hwo do i chnage my adress??", "🙂"]
)
def test_too_little_and_misspelt_english_is_taken_for_ones_own(text: str) -> None:
    assert foreign_language(text, "en") is None


@given(st.text(max_size=80))
def test_any_text_is_of_one_of_the_languages_or_unsure(text: str) -> None:
    assert foreign_language(text, "en") in {None, *LANGUAGES} - {"en"}
