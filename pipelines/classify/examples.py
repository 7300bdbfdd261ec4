"""Texts as the classifier is given them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.classification.examples import Examples
from pipelines.classify.data import ClassedText, ClassedTexts


def examples_of(rows: Sequence[ClassedText], data: ClassedTexts) -> Examples:
    """An example for each text: its class is the label, or its classes are topics."""
    if data.several:
        held = [[name in row.classes for name in data.classes] for row in rows]
        labels, topics = np.zeros(len(rows), dtype=np.int64), np.array(held, dtype=np.bool_)
        shaped = topics.reshape(len(rows), len(data.classes))
        return Examples([row.text for row in rows], labels, shaped, np.ones(len(rows), np.bool_))
    places = {name: place for place, name in enumerate(data.classes)}
    return Examples(
        [row.text for row in rows],
        np.array([places[next(iter(row.classes))] for row in rows], dtype=np.int64),
        np.zeros((len(rows), 0), dtype=np.bool_),
        np.ones(len(rows), dtype=np.bool_),
    )


def columns_of(data: ClassedTexts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the model's two heads tell: labels, of which one is right, and topics, of which any."""
    return ((), data.classes) if data.several else (data.classes, ())
