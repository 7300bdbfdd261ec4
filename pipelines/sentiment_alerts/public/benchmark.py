"""Learning from one part of a public data set, watching a second, and judging on a third."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.artifacts.drafting import named
from pipelines.classification.examples import Examples
from pipelines.classification.heads import fit_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.train import tune
from pipelines.measuring.agreement import LabelAgreement, compare_labels
from pipelines.measuring.classification_metrics import macro_f1, measure_labels
from pipelines.measuring.engines import export_unregistered
from pipelines.measuring.temperature import fit_label_temperature
from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.settings import SentimentSettings
from pipelines.training.text_model import TextModel
from textwire.models.base_model import find_base
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.probabilities import Heads
from textwire.sentiment_alerts.messages import SENTIMENTS


class DataSplit(NamedTuple):
    """What is learned from, watched, and judged on."""

    train: Examples
    valid: Examples
    test: Examples


@dataclass(frozen=True)
class LearningResult:
    """Figures of the test part by engine, how far int8 strays, and the epoch that was kept."""

    figures: dict[str, float]
    agreement: LabelAgreement
    epoch: int  # from 1; 0: the heads on the frozen model
    sizes: tuple[int, int, int]


class BestEpoch:
    """The weights of the epoch whose macro-F1 on the watched part was the best."""

    def __init__(self, watched: Examples) -> None:
        self._watched = watched
        self._epoch = -1
        self._best = -1.0
        self.kept = 0

    def look(self, model: TextClassifier) -> None:
        """Keep the weights if they are the best so far."""
        self._epoch += 1
        logits, _ = model.logits(self._watched.texts)
        score = macro_f1(logits.argmax(axis=1), self._watched.labels)
        if score > self._best:
            self._best, self.kept = score, self._epoch
            self._weights = deepcopy(model.state_dict())

    def restore(self, model: TextClassifier) -> None:
        """Put those weights back."""
        model.load_state_dict(self._weights)


def learn_and_judge(
    parts: DataSplit, settings: SentimentSettings, progress: Progress
) -> LearningResult:
    """Heads, fine-tuning with the best epoch kept, export; the test part by each engine."""
    train, valid, test = parts
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        model = TextClassifier(
            TextModel(find_base(settings.base), folder, settings.max_tokens), len(SENTIMENTS), 0
        )
        with progress.stage("Fitting heads on the frozen model"):
            pooled = model.text.pool_once(train.texts, settings.train_tokens)
            fit_heads(model, pooled, train, settings)
            figures = named("base_", _judge(model.logits, valid, test)[0])
        kept = 0
        if settings.method != "head":
            with progress.stage("Fine-tuning") as stage:
                best = BestEpoch(valid)
                tune(model, train, settings, stage, best)
                kept = best.kept
        with progress.stage("Exporting to ONNX, quantising to int8"):
            artifact = export_unregistered(
                model, model.text.name, folder, settings.max_tokens, SENTIMENTS
            )
        found = {}
        with progress.stage("Measuring fp32 and int8"):
            for precision in ("fp32", "int8"):
                engine = OnnxClassifier(artifact, precision, threads=2)
                metrics, found[precision] = _judge(engine.logits, valid, test)
                figures |= named(f"{precision}_", metrics)
    sizes = (len(train), len(valid), len(test))
    agreement = compare_labels(found["int8"], found["fp32"])
    return LearningResult(figures, agreement, kept, sizes)


def _judge(
    logits_of: Callable[[list[str]], tuple[Vectors, Vectors]], valid: Examples, test: Examples
) -> tuple[dict[str, float], Vectors]:
    """Figures and probabilities, (n, labels), of the test part, calibrated on the watched one."""
    temperature = fit_label_temperature(logits_of(valid.texts)[0], valid.labels)
    found = Heads(SENTIMENTS, (), temperature, 1.0).classified(*logits_of(test.texts)).labels
    metrics = measure_labels(found, test.labels)
    return metrics | {"average_accuracy": average_accuracy(found, test)}, found


def average_accuracy(probabilities: Vectors, test: Examples) -> float:
    """The mean over labels of how often it is told rightly whether a text has that label.

    Args: probabilities: (n, labels) float32.
    """
    given = np.eye(len(SENTIMENTS), dtype=bool)[probabilities.argmax(axis=1)]
    right = np.eye(len(SENTIMENTS), dtype=bool)[test.labels]
    return float((given == right).mean())
