from __future__ import annotations

import numpy as np

from tests.encoders import HashingEncoder
from textwire.recommendations.comments import CommentReader, comment_examples

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


def test_examples_are_different_and_of_each_kind() -> None:
    examples = comment_examples()
    assert len({example.text for example in examples}) == len(examples)
    kinds = {(example.tone, example.subject) for example in examples}
    assert len(kinds) == 6
