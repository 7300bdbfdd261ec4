"""How sure it is of a word's tag, and how sure it must be of an entity.

Fitted on one half of the held-out texts, reported on the other.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.entities.data import AnnotatedText, EntityData
from pipelines.entities.metrics import measure_kind
from pipelines.measuring.temperature import fit_label_temperature
from textwire.models.engines.entity_recogniser import Decoding, Tagged
from textwire.models.engines.entity_spans import tag_words

TRIED_THRESHOLDS = np.arange(0.0, 0.96, 0.05)


class Halves(NamedTuple):
    """Held-out texts: to fit on, and to report on."""

    fitted: list[AnnotatedText]
    reported: list[AnnotatedText]


def halve(data: EntityData, seed: int) -> Halves:
    """Two halves by lot."""
    rows = list(data.held_out)
    shuffled = random.Random(seed).sample(rows, len(rows))  # noqa: S311 - no secret
    half = len(shuffled) // 2
    return Halves(shuffled[:half], shuffled[half:])


def calibrate(
    tagged: Sequence[Tagged], fitted: Sequence[AnnotatedText], tags: Sequence[str]
) -> Decoding:
    """One temperature for all tags, and the least score of an entity, by F1 of entities.

    Args: tagged: what the model says of the texts that are fitted on.
    """
    logits = np.concatenate([one.logits for one in tagged])
    right = [
        tag_words(one.words, text.spans, tags) for one, text in zip(tagged, fitted, strict=True)
    ]
    temperature = fit_label_temperature(logits, np.concatenate(right))
    scored = [Decoding(tags, temperature, 0.0).scored(one) for one in tagged]
    spans = [text.spans for text in fitted]
    f1 = [
        measure_kind([[span for span, score in one if score >= t] for one in scored], spans, None)[
            2
        ]
        for t in TRIED_THRESHOLDS
    ]
    # Of several that are best the lowest: what is unsure can be left out later, and not put in.
    return Decoding(tags, temperature, round(float(TRIED_THRESHOLDS[int(np.argmax(f1))]), 2))
