"""What SEntFiN's headlines say of each entity that they name, in three parts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipelines.classification.examples import Examples
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.public.benchmark import DataSplit
from pipelines.sentiment_alerts.sentfin import read_sentfin, split_sentfin
from textwire.sentiment_alerts.linking.entity_linking import Linker


def companies_of_sentfin(path: Path, seed: int) -> DataSplit:
    """What is read of each entity is what serving reads.

    Entities are named by the data set, so that what is judged is the tone and not the finding.

    Raises: DataError: the file is not there, or is another.
    """
    return DataSplit(*(_companies_of(part) for part in split_sentfin(read_sentfin(path), seed)))


def _companies_of(headlines: Iterable[LabelledArticle]) -> Examples:
    return examples_of(headlines, (), Linker([]))
