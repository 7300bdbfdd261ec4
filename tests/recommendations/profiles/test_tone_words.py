"""The tone of a comment by its words."""

from __future__ import annotations

import pytest

from textwire.recommendations.profiles.tone_words import (
    complains_of_service,
    speaks_of_service,
    tone_of,
)


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
        "おすすめしません",
        "추천하지 않아요",
        "Wow, amazing how fast it broke",
        "Love how it falls apart",
        "Thanks for nothing",
        "The lid does not close",
        "Gefällt mir nicht",
        "Je n'aime pas du tout",
        "No me gusta nada",
        "Non mi piace",
        "Não gostei",
        "Не нравится",
        "Nie podoba mi się",
        "Çok kötü, tavsiye etmem",
        "No money back",
        "I wanted to like this tent. It tore on night one.",
        "It came apart in my hands",
        "One leg fell off and the rest is rusty",
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
        "Sturdy, nothing fell off",
        "Never jams, even with thick paper",
        "I could not put it down",
        "My old one was dull, this one is wonderful",
        "Sehr zufrieden, gerne wieder",
        "Excellent produit",
        "不错，很喜欢",
        "👍",
        "I wouldn't say it is bad",
        "Not only beautiful but practical",
        "Could not be happier",
        "I can't recommend it enough",
        "It never fell apart",
        "Pas mal du tout, ce n'est pas mal",
        "No está mal",
        "Niente male",
        "Очень понравилось",
        "おすすめです",
        "추천합니다",
        "Aanrader!",
        "没有异味，一点也不差",
        "I don't like coriander so I left it out, otherwise lovely",
    ],
)
def test_praise_speaks_for(text: str) -> None:
    assert tone_of(text) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "42", "Comes with four screws", "Ist das aus Stahl?"),
        # Sorrow over what is told, and one's own fault.
        *("Terrible news, my thoughts are with the families", "I ordered the wrong size"),
    ],
)
def test_what_has_no_tone_speaks_for_nothing(text: str) -> None:
    assert tone_of(text) == 0


def test_words_of_the_delivery_and_the_seller_are_known() -> None:
    assert all(map(speaks_of_service, ["fast delivery", "schnelle Lieferung", "发货很快"]))
    assert not any(map(speaks_of_service, ["The blade is blunt", "Die Klinge ist stumpf"]))


@pytest.mark.parametrize(
    ("text", "of_service"),
    [
        ("Great delivery, terrible knife", False),
        ("Fast shipping but the handle broke on day one", False),
        ("The knife is sharp, but the delivery was awful", True),
        ("The parcel came two weeks late", True),
        ("Schnelle Lieferung, Messer stumpf", False),
        ("Das Messer ist gut, die Lieferung furchtbar", True),
        ("The blade is blunt", False),
    ],
)
def test_what_complains_tells_what_is_complained_about(text: str, of_service: bool) -> None:
    assert complains_of_service(text) is of_service
