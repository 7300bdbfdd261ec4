"""What classes mean, in words, for --method zero-shot: their own names."""

from __future__ import annotations

import re

from pipelines.classification.zero_shot import Descriptions
from pipelines.classify.data import ClassedTexts
from pipelines.classify.examples import columns_of

_BETWEEN_WORDS = re.compile(r"[_\-./]+|(?<=[a-z])(?=[A-Z])")


def describe(data: ClassedTexts) -> Descriptions:
    """Each class as its name says it: `card_arrival` is "card arrival"."""
    labels, topics = ({name: in_words(name) for name in names} for names in columns_of(data))
    return Descriptions(labels, topics)


def in_words(name: str) -> str:
    """A name as words; itself where it has none."""
    return " ".join(_BETWEEN_WORDS.sub(" ", name).split()) or name
