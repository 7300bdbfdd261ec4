"""Messages as the classifier is given them, by the function that serves."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from pipelines.augmentation.typing_noise import as_typed
from pipelines.classification.examples import Examples
from pipelines.dialogue_acts.data import TurnRow
from textwire.support_qa.dialogue_acts import ACTS, BETWEEN, Said, message_in_context


def examples_of(rows: Sequence[TurnRow]) -> Examples:
    """An example for each message: its act is the label, and topics are all acts that it holds."""
    acts = [{row.act, *row.also} for row in rows]
    return Examples(
        [in_context(row) for row in rows],
        np.array([ACTS.index(row.act) for row in rows], dtype=np.int64),
        np.array([[act in held for act in ACTS] for held in acts], dtype=np.bool_),
        np.ones(len(rows), dtype=np.bool_),
    )


def typed_anew(text: str, rng: Random) -> str:
    """The same in context, its message as somebody in a hurry may have typed it."""
    message, between, context = text.partition(BETWEEN)
    return f"{as_typed(message, rng)}{between}{context}"


def in_context(row: TurnRow) -> str:
    """What the classifier reads of a message."""
    before = [Said(said.by == "customer", said.text) for said in row.before]
    return message_in_context(row.text, before)
