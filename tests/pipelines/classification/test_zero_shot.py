"""Classes that are told by their descriptions."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.classification.model import TextClassifier
from pipelines.classification.zero_shot import Descriptions, describe_heads
from pipelines.training.text_model import TextModel
from tests.tiny_models import MAX_TOKENS
from textwire.errors import DataError
from textwire.models.base_model import BaseModel

WORDS = {"card": "my card is lost", "fee": "what fee can i pay", "order": "the parcel is late"}


@pytest.fixture
def model(tiny_base: Path, tmp_path: Path) -> TextClassifier:
    return TextClassifier(TextModel(BaseModel("tiny", tiny_base), tmp_path, MAX_TOKENS), 3, 3)


def test_a_text_that_is_a_description_belongs_to_its_class(model: TextClassifier) -> None:
    texts = list(WORDS.values())
    describe_heads(model, Descriptions(WORDS, WORDS), texts, MAX_TOKENS)
    labels, topics = model.logits(texts)
    assert labels.argmax(axis=1).tolist() == [0, 1, 2]
    assert (topics.diagonal() > 0).all()
    assert (topics.sum() - topics.trace()) < 0


def test_a_class_without_words_is_named(model: TextClassifier) -> None:
    without = Descriptions(WORDS, WORDS | {"fee": " "})
    with pytest.raises(DataError, match="has none of fee"):
        describe_heads(model, without, ["pay"], MAX_TOKENS)
