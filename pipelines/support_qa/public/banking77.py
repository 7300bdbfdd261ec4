"""The first public figure: which of 77 intents a bank's customer means (Casanueva et al. 2020).

The encoder learns from the training questions that those of one intent belong together. A test
question then gets the intent of its nearest training questions.
"""

from __future__ import annotations

import csv
import random
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch

from pipelines.losses.contrastive import supervised_contrastive
from pipelines.measuring.agreement import VectorAgreement, compare_vectors
from pipelines.measuring.engines import export_engines
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Progress, Stage
from pipelines.running.training_spec import Settings
from pipelines.support_qa.public.voting import Voting, choose_voting, vote
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import schedule_of
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable, merged
from textwire.errors import DataError
from textwire.models.base_model import find_base
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.word_states import WordEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex


@dataclass(frozen=True)
class Banking77Settings(Settings):
    """The recipe. 24 intents of 4 questions are a batch; an epoch is each question once."""

    epochs: int = 3
    intents_per_batch: int = 24
    questions_per_intent: int = 4
    learning_rate: float = 5e-5
    temperature: float = 0.05
    max_tokens: int = 64  # the longest question has some 100; 2 in 1,000 are cut


class Intents(NamedTuple):
    """Questions with the intent of each."""

    texts: list[str]
    labels: list[str]


class IntentBatch(NamedTuple):
    """Questions of a few intents."""

    texts: list[str]
    labels: list[int]


@dataclass(frozen=True)
class IntentResult:
    """Accuracies by engine and way of telling the intent, and what they rest on."""

    figures: dict[str, float]
    agreement: VectorAgreement
    voting: Voting


def evaluate_banking77(
    folder: Path, settings: Banking77Settings, progress: Progress
) -> IntentResult:
    """Fine-tune, export, measure.

    Raises: DataError: the data are not there, or not as they should be.
    """
    train, test = read_intents(folder / "train.csv"), read_intents(folder / "test.csv")
    with tempfile.TemporaryDirectory() as work:
        model = TextModel(find_base(settings.base), Path(work), settings.max_tokens)
        model.gives_states = True
        with progress.stage("Measuring the base model"):
            keys, queries = model.encode(train.texts), model.encode(test.texts)
            # Chosen on training questions alone, each by its neighbours among the others.
            voting = choose_voting(keys, train.labels)
            figures = measure_vectors("base_", queries, test, keys, train, voting)
        with progress.stage("Fine-tuning") as stage:
            tune(model, train, settings, stage)
        with progress.stage("Exporting to ONNX, quantising to int8"):
            engines = export_engines(model, Path(work), settings.max_tokens)
        with progress.stage("Measuring fp32"):
            fp32 = engines["fp32"].encode(test.texts), engines["fp32"].encode(train.texts)
            figures |= measure_vectors("fp32_", fp32[0], test, fp32[1], train, voting)
        with progress.stage("Measuring int8"):
            int8 = engines["int8"].encode(test.texts), engines["int8"].encode(train.texts)
            figures |= measure_vectors("int8_", int8[0], test, int8[1], train, voting)
            figures["int8_fused"] = measure_search(engines["int8"], train, test)
    return IntentResult(figures, compare_vectors(*int8, *fp32), voting)


def read_intents(path: Path) -> Intents:
    """A file of the data set, columns `text` and `category`.

    Raises: DataError: it is not there, or has other columns.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        return Intents([row["text"].strip() for row in rows], [row["category"] for row in rows])
    except (OSError, KeyError) as error:
        raise DataError(
            f"{path} cannot be read as part of banking77 ({error!r}). Set --data or TEXTWIRE_DATA "
            "to the folder that holds banking77/train.csv and test.csv (text, category)."
        ) from error


def tune(model: TextModel, train: Intents, settings: Banking77Settings, stage: Stage) -> None:
    """Draw questions of one intent together."""
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def loss(tuned: TextModel, batch: IntentBatch) -> torch.Tensor:
        vectors = tuned.embed(batch.texts, settings.max_tokens)
        return supervised_contrastive(vectors, torch.tensor(batch.labels), settings.temperature)

    def draw_epoch() -> list[IntentBatch]:
        return draw_intent_batches(train, settings, rng)

    def fit(recipe: Banking77Settings, run: TrainingRun) -> list[float]:
        choose_trainable(model, recipe.method, recipe.frozen_layers)
        losses = fine_tune(model, draw_epoch, loss, schedule_of(recipe), stage, run=run)
        merged(model)
        return losses

    fit_and_prune(model, model, settings, fit, draw_epoch, loss, UNKEPT)


def draw_intent_batches(
    train: Intents, settings: Banking77Settings, rng: random.Random
) -> list[IntentBatch]:
    """Every question once: groups of a few of one intent, and so many groups a batch."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, label in zip(*train, strict=True):
        by_intent[label].append(text)
    groups = []
    for number, texts in enumerate(by_intent.values()):
        shuffled = rng.sample(texts, len(texts))
        size = settings.questions_per_intent
        groups += [(number, shuffled[at : at + size]) for at in range(0, len(shuffled), size)]
    rng.shuffle(groups)
    many = settings.intents_per_batch
    return [_intent_batch(groups[at : at + many]) for at in range(0, len(groups), many)]


def measure_vectors(
    prefix: str, queries: Vectors, test: Intents, keys: Vectors, train: Intents, voting: Voting
) -> dict[str, float]:
    """Accuracy by the nearest training question, and by the vote of several.

    Args: queries: (n, d) float32, of test questions. keys: (m, d) float32, of training ones.
    """
    nearest = vote(queries, keys, train.labels, Voting(1, 1.0))
    voted = vote(queries, keys, train.labels, voting)
    return {
        f"{prefix}nearest": accuracy(nearest, test.labels),
        f"{prefix}vote": accuracy(voted, test.labels),
    }


def measure_search(encoder: WordEncoder, train: Intents, test: Intents) -> float:
    """Accuracy of the first passage that the service's own search finds, words included."""
    passages = [Passage(id=str(number), text=text) for number, text in enumerate(train.texts)]
    index = PassageIndex.build(encoder, passages, word_encoder=encoder)
    found = index.search(test.texts, 1)
    return accuracy([train.labels[int(row[0].passage.id)] for row in found], test.labels)


def accuracy(given: Sequence[str], right: Sequence[str]) -> float:
    """Part that is right."""
    return sum(a == b for a, b in zip(given, right, strict=True)) / len(right)


def _intent_batch(groups: list[tuple[int, list[str]]]) -> IntentBatch:
    questions = [(text, number) for number, texts in groups for text in texts]
    return IntentBatch([text for text, _ in questions], [number for _, number in questions])
