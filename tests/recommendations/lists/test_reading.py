from __future__ import annotations

import pytest

from tests.encoders import HashingEncoder
from textwire.recommendations.lists.bulk import index_of
from textwire.recommendations.lists.reading import is_read, is_understood
from textwire.recommendations.messages import Item

ENCODER = HashingEncoder()
INDEX = index_of(
    [Item(id="a", title="Safety gloves"), Item(id="b", title="Zelt Alpin by Sicherheits GmbH")],
    ENCODER,
)


def understood(words: str, *languages: str) -> bool:
    return is_understood(words, ENCODER.encode([words])[0], languages or ("en",), INDEX)


@pytest.mark.parametrize("words", ["safety gloves", "a gift for my father", "3M 8210", "M8"])
def test_words_that_are_not_likely_of_another_language_are_understood(words: str) -> None:
    assert understood(words)


@pytest.mark.parametrize(
    "words",
    ["sauté pan", "crème brûlée torch", "décor for a bedroom", "jalapeño peppers", "café table"],
)
def test_an_accent_makes_no_word_another_languages(words: str) -> None:
    assert understood(words)


@pytest.mark.parametrize(
    "words",
    [
        "gants de sécurité",
        "poêle à frire",
        "tornillos hexagonales",
        "Klebeband schwarz",
        "平底锅",
        "🍳",
        "?!",
    ],
)
def test_what_is_likely_of_another_language_or_no_words_is_not(words: str) -> None:
    assert not understood(words)


def test_words_of_another_language_that_an_item_has_are_understood() -> None:
    assert understood("Zelt für zwei Personen")
    assert understood("gants de sécurité", "en", "fr")


@pytest.mark.parametrize("words", ["frying pan", "Bratpfanne", "", "42", "crêpe", "iPhone 平"])
def test_latin_letters_are_read(words) -> None:
    assert is_read(words, ("en",))


@pytest.mark.parametrize("words", ["平底锅", "帐篷 2", "палатка", "τηγάνι", "팬", "フライパン"])
def test_a_script_of_no_language_that_is_read_is_not(words) -> None:
    assert not is_read(words, ("en", "de"))


def test_what_is_read_is_set() -> None:
    assert is_read("平底锅", ("zh",))
    assert is_read("палатка", ("en", "ru"))
    assert is_read("平底锅", ())
