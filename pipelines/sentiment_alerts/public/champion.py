"""The model that serves, on public data that it was not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.measuring.classification_metrics import measure_labels
from pipelines.sentiment_alerts.data import LabelledArticle
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.public.other_sets import read_fiqa_posts, read_gold_headlines
from pipelines.sentiment_alerts.public.phrasebank import read_phrasebank
from pipelines.sentiment_alerts.sentfin import FILE as SENTFIN
from pipelines.sentiment_alerts.sentfin import read_sentfin, split_sentfin
from pipelines.sentiment_alerts.settings import TASK
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.registry import Registry
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.scoring.tone import TONE_THRESHOLD, tones


@dataclass(frozen=True)
class Transfer:
    """Figures of one data set."""

    name: str
    read: str  # what is judged: articles, or what they say of companies
    texts: int
    figures: dict[str, float]


class Conflicts(NamedTuple):
    """Headlines that say opposite things of their companies, and those with all companies right."""

    headlines: int
    right: int


@dataclass(frozen=True)
class ChampionResult:
    """Figures of the model that serves."""

    name: str
    method: str
    transfers: Sequence[Transfer]
    conflicts: Conflicts


class ToneReader:
    """Reads texts as the service does: int8, and a tone that is not sure enough is neutral."""

    def __init__(self, artifact: Artifact) -> None:
        self._classifier = OnnxClassifier(artifact, "int8", threads=2)
        self._least = artifact.manifest.thresholds.get(TONE_THRESHOLD, 0.0)

    def judge(
        self, name: str, articles: Sequence[LabelledArticle]
    ) -> tuple[Transfer, NDArray[np.bool_]]:
        """Figures of articles, or of companies where articles have no label; and what is right."""
        examples = examples_of(articles, (), Linker([]))
        found = self._classifier.classify(examples.texts).labels
        given = tones(found, self._least)
        read = "articles" if articles[0].label else "companies"
        figures = measure_labels(found, examples.labels, given)
        return Transfer(name, read, len(examples), figures), given == examples.labels


def measure_champion(folder: Path, registry: Registry) -> ChampionResult:
    """Every data set that is read and never learned from.

    Args:   folder: of public data sets.
    Raises: DataError: a data set is not there, or not as it should be.
            ArtifactMissing: no model serves.
    """
    judged = split_sentfin(read_sentfin(folder / SENTFIN)).test
    others = (
        ("financial_phrasebank", read_phrasebank(folder / "financial_phrasebank")),
        ("fiqa_posts", read_fiqa_posts(folder)),
        ("gold_headlines", read_gold_headlines(folder)),
    )
    artifact = registry.champion(TASK)
    reader = ToneReader(artifact)
    sentfin, right = reader.judge("SEntFiN", judged)
    transfers = [sentfin, *(reader.judge(name, articles)[0] for name, articles in others)]
    method = artifact.manifest.method
    return ChampionResult(
        artifact.manifest.version, method, transfers, count_conflicts(judged, right)
    )


def count_conflicts(articles: Sequence[LabelledArticle], right: NDArray[np.bool_]) -> Conflicts:
    """Of articles without labels of the whole.

    Args: right: (companies of all articles,) bool, in their order.
    """
    headlines = all_right = 0
    ends = np.cumsum([len(article.entities) for article in articles])
    for article, of_companies in zip(articles, np.split(right, ends[:-1]), strict=True):
        if {"negative", "positive"} <= set(article.entities.values()):
            headlines += 1
            all_right += bool(of_companies.all())
    return Conflicts(headlines, all_right)
