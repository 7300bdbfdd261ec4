"""The tone of a comment by its words."""

from __future__ import annotations

import pytest

from textwire.recommendations.tone_words import speaks_of_service, tone_of


@pytest.mark.parametrize(
    "text",
    [
        "Not good",
        "I do not like it",
        "Would not recommend",
        "zero stars if I could",
        "looks nice but is useless for cutting",
        "Enttäuschend",
        "Très déçu",
        "Pésimo, no lo compren",
        "Non lo consiglio, pessimo",
        "не покупайте, сломался сразу",
        "不推荐，质量很差",
        "最悪です",
        "💩",
    ],
)
def test_complaints_speak_against(text: str) -> None:
    assert tone_of(text) == -1


@pytest.mark.parametrize(
    "text",
    [
        "Not bad at all",
        "No rust after two years, great",
        "My old one was dull, this one is wonderful",
        "Sehr zufrieden, gerne wieder",
        "Excellent produit",
        "不错，很喜欢",
        "👍",
    ],
)
def test_praise_speaks_for(text: str) -> None:
    assert tone_of(text) == 1


@pytest.mark.parametrize("text", ["", "42", "Comes with four screws", "Ist das aus Stahl?"])
def test_what_has_no_tone_speaks_for_nothing(text: str) -> None:
    assert tone_of(text) == 0


def test_words_of_the_delivery_and_the_seller_are_known() -> None:
    assert all(map(speaks_of_service, ["fast delivery", "schnelle Lieferung", "发货很快"]))
    assert not any(map(speaks_of_service, ["The blade is blunt", "Die Klinge ist stumpf"]))
