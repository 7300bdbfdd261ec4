"""Headlines with the tone for each entity that they name (Sinha et al. 2022, arXiv:2305.12257)."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import numpy as np

from pipelines.classification.examples import Examples
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.public.benchmark import DataSplit
from textwire.errors import DataError
from textwire.sentiment_alerts.entity_linking import Linker
from textwire.sentiment_alerts.messages import Sentiment
from textwire.undecodable import NOT_DECODABLE


class Headline(msgspec.Struct, frozen=True):
    """A row of the data set."""

    title: str
    entities: dict[str, Sentiment]


def read_sentfin(folder: Path) -> list[LabelledArticle]:
    """The headlines, each once: what a later row says of an entity counts.

    Raises: DataError: the file is not there, or is another.
    """
    path = folder / "sentfin.jsonl"
    try:
        lines = b",".join(path.read_bytes().splitlines())
        rows = msgspec.json.decode(b"[" + lines + b"]", type=list[Headline])
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(
            f"{path} cannot be read as SEntFiN ({error}). Set --data or TEXTWIRE_DATA to the "
            "folder that holds sentfin/sentfin.jsonl."
        ) from error
    entities: dict[str, dict[str, Sentiment]] = {}
    for row in rows:
        entities.setdefault(" ".join(row.title.split()), {}).update(row.entities)
    # The data give no label of the whole headline, and none is learned from or judged.
    return [
        LabelledArticle(title, None, "neutral", entities=said) for title, said in entities.items()
    ]


def split_sentfin(headlines: list[LabelledArticle], seed: int) -> DataSplit:
    """80, 10 and 10 of a hundred headlines by lot; what is read of each is what serving reads.

    Entities are named by the data set, so that what is judged is the tone and not the finding.
    """
    shuffled = random.Random(seed).sample(headlines, len(headlines))  # noqa: S311 - no secret
    tenth = len(shuffled) // 10
    parts = shuffled[2 * tenth :], shuffled[:tenth], shuffled[tenth : 2 * tenth]
    return DataSplit(*(_entities_of(part) for part in parts))


def _entities_of(headlines: list[LabelledArticle]) -> Examples:
    both = examples_of(headlines, (), Linker([]))
    return both.part(np.flatnonzero(~both.has_topics))
