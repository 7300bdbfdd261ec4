"""SEntFiN: headlines with the tone for each entity that they name.

Source: Sinha et al. 2022, arXiv:2305.12257; MIT licence, see NOTICE. The data are read from a
folder of one's own, and no part of them stands in this repository.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipelines.sentiment_alerts.data import LabelledArticle
from textwire.errors import DataError
from textwire.sentiment_alerts.messages import Sentiment
from textwire.undecodable import NOT_DECODABLE

FILE = "sentfin/sentfin.jsonl"  # in the folder of public data sets
SEED = 0
NOTICE = (
    "Among them are headlines of SEntFiN 1.0 (Sinha, Kedas, Kumar and Malo 2022, "
    "arXiv:2305.12257), Copyright (c) 2021 Ankur Sinha, Satishwar Kedas, Rishu Kumar, Pekka Malo, "
    "under the MIT licence: eight in ten of them were learned from, one served to "
    "calibrate, and the last was not read."
)


class Headline(msgspec.Struct, frozen=True):
    """A row of the data set."""

    title: str
    entities: dict[str, Sentiment]


class SentfinParts(NamedTuple):
    """80, 10 and 10 of a hundred headlines: to learn from, to choose by, and to be judged on."""

    train: Sequence[LabelledArticle]
    valid: Sequence[LabelledArticle]
    test: Sequence[LabelledArticle]


def read_sentfin(path: Path) -> list[LabelledArticle]:
    """The headlines, each once: what a later row says of an entity counts.

    The data give no label of a whole headline.

    Raises: DataError: the file is not there, or is another.
    """
    try:
        lines = b",".join(path.read_bytes().splitlines())
        rows = msgspec.json.decode(b"[" + lines + b"]", type=list[Headline])
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(
            f"{path} cannot be read as SEntFiN ({error}). Set TEXTWIRE_DATA to the folder that "
            f"holds {FILE}."
        ) from error
    entities: dict[str, dict[str, Sentiment]] = {}
    for row in rows:
        entities.setdefault(" ".join(row.title.split()), {}).update(row.entities)
    return [
        LabelledArticle(title, None, label=None, topics=None, entities=said)
        for title, said in entities.items()
    ]


def split_sentfin(headlines: Sequence[LabelledArticle], seed: int = SEED) -> SentfinParts:
    """The parts by lot."""
    shuffled = random.Random(seed).sample(headlines, len(headlines))  # noqa: S311 - no secret
    tenth = len(shuffled) // 10
    return SentfinParts(shuffled[2 * tenth :], shuffled[:tenth], shuffled[tenth : 2 * tenth])
