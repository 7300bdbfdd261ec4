"""Sentences of company news, by people's judgement (Malo et al. 2014), in FinBERT's split."""

from __future__ import annotations

import csv
from pathlib import Path

from sklearn.model_selection import train_test_split

from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.public.benchmark import DataSplit
from pipelines.sentiment_alerts.rows import LABELS
from textwire.errors import DataError
from textwire.sentiment_alerts.linking.entity_linking import Linker


def read_phrasebank(folder: Path) -> list[LabelledArticle]:
    """The sentences on which at least half of the judges agreed, each once: the first label counts.

    Raises: DataError: the file is not there, or is another.
    """
    path = folder / "sentences_50agree.csv"
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [
                (row["sentence"].strip(), LABELS[row["sentiment"]]) for row in csv.DictReader(file)
            ]
    except (OSError, KeyError) as error:
        raise DataError(
            f"{path} cannot be read as financial_phrasebank ({error!r}). Set --data or "
            "TEXTWIRE_DATA to the folder that holds financial_phrasebank/ (sentence, sentiment)."
        ) from error
    distinct = dict(reversed(rows))
    return [LabelledArticle(text, None, distinct[text]) for text in dict(rows)]


def split_phrasebank(sentences: list[LabelledArticle]) -> DataSplit:
    """80 to 20 by seed 0, then a tenth of the larger part to watch.

    Source: scripts/datasets.py of ProsusAI/finBERT; Araci 2019, arXiv:1908.10063.
    """
    rest, test = train_test_split(sentences, test_size=0.2, random_state=0)
    train, valid = train_test_split(rest, test_size=0.1, random_state=0)
    nobody = Linker([])
    return DataSplit(*(examples_of(part, (), nobody) for part in (train, valid, test)))
