from __future__ import annotations

import pytest

from textwire.recommendations.reading import is_read


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
