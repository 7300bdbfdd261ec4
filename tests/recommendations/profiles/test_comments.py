from __future__ import annotations

import numpy as np
import pytest

from tests.encoders import HashingEncoder
from textwire.recommendations.profiles.comments import CommentReader, comment_examples

ENCODER = HashingEncoder(dimension=512)
READER = CommentReader(ENCODER)


def read(text: str, stars: float | None = None):
    return READER.read(text, ENCODER.encode([text])[0], stars)


def test_a_reader_reads_most_of_its_own_examples_as_they_are_meant() -> None:
    examples = comment_examples()
    readings = [read(example.text) for example in examples]
    against = [example.tone == "against" for example in examples]
    of_item = [example.subject == "item" for example in examples]
    assert np.mean([r.against == meant for r, meant in zip(readings, against, strict=True)]) > 0.9
    found = [r.substance >= 0.5 for r in readings]
    assert np.mean([one == meant for one, meant in zip(found, of_item, strict=True)]) > 0.9


def test_a_complaint_about_the_delivery_is_none_about_the_item() -> None:
    late = read("The parcel arrived two weeks late.")
    assert (late.against, late.against_item, late.quotable) == (True, False, False)
    broken = read("The handle broke after two days.")
    assert (broken.against, broken.against_item, broken.quotable) == (True, True, False)


def test_courtesy_is_not_worth_quoting_and_what_is_said_of_the_item_is() -> None:
    assert not read("Great product, arrived quickly, thank you!").quotable
    assert read("I am looking for more novels about sailing like this one.").quotable


def test_stars_say_more_of_the_tone_than_words() -> None:
    words = "The handle broke after two days."
    assert not read(words, stars=5).against
    assert read("Great product, arrived quickly, thank you!", stars=1).against


@pytest.mark.parametrize(
    "words",
    [
        "Das Messer ist stumpf und rostet, nie wieder",
        "Ce couteau est nul, la lame s'est cassée",
        "Odio este cuchillo, se rompió el mango",
        "Nie polecam, beznadziejna jakość",
        "这把刀太差了，第一天就坏了",
        "👎",
    ],
)
def test_a_complaint_that_the_encoder_does_not_read_is_one_by_its_words(words: str) -> None:
    reading = read(words)
    assert (reading.against_item, reading.quotable) == (True, False)


@pytest.mark.parametrize(
    "words",
    [
        "Schnelle Lieferung, alles bestens, vielen Dank!",
        "Très bon produit, livraison rapide, merci",
        "好评，发货很快，谢谢",
        "👍👍👍",
    ],
)
def test_praise_that_the_encoder_does_not_read_adds_nothing_and_is_not_quoted(words: str) -> None:
    reading = read(words)
    assert (reading.against, reading.substance) == (False, 0.0)


def test_a_complaint_in_another_language_about_the_parcel_is_none_about_the_item() -> None:
    for words in (
        "Das Paket kam drei Wochen zu spät, furchtbar schlechte Lieferung",
        "快递太慢了，包装也破了，锅没问题",
    ):
        reading = read(words)
        assert (reading.against, reading.against_item) == (True, False)


def test_what_an_encoder_reads_is_told_to_the_reader() -> None:
    words = "Das Messer ist sehr scharf und liegt gut in der Hand"
    vector = ENCODER.encode([words])[0]
    assert READER.read(words, vector).substance == 0.0
    assert CommentReader(ENCODER, ("de", "en")).read(words, vector).substance > 0.0


def test_examples_are_different_and_of_each_kind() -> None:
    examples = comment_examples()
    assert len({example.text for example in examples}) == len(examples)
    kinds = {(example.tone, example.subject) for example in examples}
    assert len(kinds) == 6


def test_a_complaint_beside_praise_of_the_delivery_is_one_about_the_item() -> None:
    words = "Fast shipping and friendly service, thank you, but the handle broke"
    assert read(words).against_item


def test_a_question_is_not_given_back_as_what_the_user_likes() -> None:
    words = "Are there more novels about sailing like this one?"
    assert not read(words).quotable
    assert read(words).substance < read(words.rstrip("?")).substance
