from random import Random

import pytest

from pipelines.augmentation.asked import asked_augmentations, worded_anew
from pipelines.augmentation.framing import AS_IT_IS, Framing, Parts
from pipelines.classification.settings import ClassificationSettings
from textwire.errors import SettingsError

MESSAGE = "where is the card that I ordered last week?"


def framed(text: str) -> Parts:
    message, mark, context = text.partition(" | ")
    return Parts("", message, f"{mark}{context}")


def test_names_stand_apart_by_commas() -> None:
    assert asked_augmentations("typing, words") == ("typing", "words")
    assert asked_augmentations("") == ()


def test_a_recipe_with_an_unknown_one_is_refused_before_anything_is_read() -> None:
    with pytest.raises(SettingsError, match="`wrods`, which is none of typing, words, names"):
        ClassificationSettings(augment="typing,wrods")


def test_none_asked_for_is_nothing_to_do() -> None:
    assert worded_anew("", AS_IT_IS, [MESSAGE]) is None
    assert worded_anew("back-translation", AS_IT_IS, [MESSAGE]) is None


def test_what_a_pipeline_put_around_a_message_is_never_touched() -> None:
    wording = worded_anew("typing,words", Framing(framed), [])
    assert wording is not None
    made = {wording(f"{MESSAGE} | Before: we talked of cards", Random(seed)) for seed in range(60)}
    assert len(made) > 20
    assert all(text.endswith(" | Before: we talked of cards") for text in made)


def test_names_are_swapped_only_where_texts_are_read_for_somebody() -> None:
    with pytest.raises(SettingsError, match="read for nobody"):
        worded_anew("names", AS_IT_IS, [MESSAGE])
    wording = worded_anew("names", Framing(after_name=": "), ["Ford: a loss", "Nokia: a win"])
    assert wording is not None
    assert {wording("Ford: a loss", Random(seed)) for seed in range(30)} == {
        "Ford: a loss",
        "Nokia: a loss",
    }
