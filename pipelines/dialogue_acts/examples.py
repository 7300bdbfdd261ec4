"""Messages as the classifier is given them, by the function that serves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipelines.augmentation.framing import Framing, Parts
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


def parts_of(text: str) -> Parts:
    """The message, and after it the context that it is read in."""
    message, between, context = text.partition(BETWEEN)
    return Parts("", message, f"{between}{context}")


FRAMING = Framing(parts_of)


def in_context(row: TurnRow) -> str:
    """What the classifier reads of a message."""
    before = [Said(said.by == "customer", said.text) for said in row.before]
    return message_in_context(row.text, before)
