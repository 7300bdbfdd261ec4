"""A public figure for answers: which answers of a FAQ belong to a question (Karan & Snajder 2018).

125 threads of a public question-and-answer site, each with a question, its answers and some ten
paraphrases of the question. All answers of all threads are ranked for a paraphrase; those of its
own thread are right. The encoder learns from the first half of the paraphrases, and is judged on
the other half: the same threads in other words.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch

from pipelines.artifacts.drafting import named
from pipelines.losses.contrastive import info_nce
from pipelines.measuring.agreement import VectorAgreement, compare_vectors
from pipelines.measuring.engines import export_engines
from pipelines.measuring.ranking_metrics import average_precision
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Progress, Stage
from pipelines.running.training_spec import Settings
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.pair_batches import Pair, PairBatch, draw_batches
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import schedule_of
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import choose_trainable, merged
from textwire.errors import DataError
from textwire.models.base_model import find_base
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.models.engines.word_states import WordEncoder
from textwire.support_qa.messages import Passage
from textwire.support_qa.passage_index import PassageIndex
from textwire.undecodable import NOT_DECODABLE


@dataclass(frozen=True)
class StackFaqSettings(Settings):
    """The recipe, chosen before anything was measured: that of the samples, with more tokens."""

    epochs: int = 5
    threads_per_batch: int = 20
    learning_rate: float = 1e-4
    temperature: float = 0.05
    train_tokens: int = 64


class Thread(msgspec.Struct, frozen=True):
    """A question with its answers, and paraphrases in two halves."""

    id: int
    question: str
    answers: list[str]
    queries: list[str | None]  # one is null in the file
    queries_after_marker: list[str | None]

    @property
    def learned(self) -> list[str]:
        """The paraphrases to learn from."""
        return [query for query in self.queries if query]

    @property
    def judged(self) -> list[str]:
        """The paraphrases to judge on."""
        return [query for query in self.queries_after_marker if query]

    def passages(self) -> list[Passage]:
        """Its answers, as the service holds them."""
        return [
            Passage(id=f"{self.id}-{number}", question=self.question, text=answer)
            for number, answer in enumerate(self.answers)
        ]


@dataclass(frozen=True)
class FaqResult:
    """Mean average precision by engine and ranking, and how far int8 strays."""

    figures: dict[str, float]
    agreement: VectorAgreement


def evaluate_stackfaq(file: Path, settings: StackFaqSettings, progress: Progress) -> FaqResult:
    """Fine-tune, export, and rank all answers for each paraphrase that is judged.

    Raises: DataError: the data are not there, or not as they should be.
    """
    threads = read_threads(file)
    with tempfile.TemporaryDirectory() as work:
        model = TextModel(find_base(settings.base), Path(work), settings.max_tokens)
        model.gives_states = True
        with progress.stage("Measuring the base model"):
            figures = named("base_", measure_threads(model, threads))
        with progress.stage("Fine-tuning") as stage:
            tune_on_threads(model, threads, settings, stage)
        with progress.stage("Exporting to ONNX, quantising to int8"):
            engines = export_engines(model, Path(work), settings.max_tokens)
        with progress.stage("Measuring fp32 and int8"):
            for name, engine in engines.items():
                figures |= named(f"{name}_", measure_threads(engine, threads))
            agreement = compare_vectors(
                *_vectors(engines["int8"], threads), *_vectors(engines["fp32"], threads)
            )
    return FaqResult(figures, agreement)


def _vectors(encoder: Encoder, threads: Sequence[Thread]) -> tuple[Vectors, Vectors]:
    queries = [query for thread in threads for query in thread.judged]
    return encoder.encode(queries), encoder.encode([thread.question for thread in threads])


def read_threads(path: Path) -> list[Thread]:
    """The threads of the data set.

    Raises: DataError: the file is not there, or is another.
    """
    try:
        return msgspec.json.decode(
            b"[" + b",".join(path.read_bytes().splitlines()) + b"]", type=list[Thread]
        )
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(
            f"{path} cannot be read as stackfaq ({error}). Set --data or TEXTWIRE_DATA to the "
            "folder that holds stackfaq/stackfaq.jsonl."
        ) from error


def tune_on_threads(
    model: TextModel, threads: Sequence[Thread], settings: StackFaqSettings, stage: Stage
) -> None:
    """Pull paraphrases to an answer of their thread, another one in each epoch."""
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw() -> list[PairBatch]:
        # One answer a thread: two of one thread in a batch would be called wrong for each other.
        chosen = [(thread, rng.choice(thread.passages()).searchable_text) for thread in threads]
        pairs = [Pair(query, text) for thread, text in chosen for query in thread.learned]
        return draw_batches(pairs, [[text] for _, text in chosen], settings.threads_per_batch, rng)

    def loss(tuned: TextModel, batch: PairBatch) -> torch.Tensor:
        return info_nce(tuned, batch, settings.temperature, settings.train_tokens)

    def fit(recipe: StackFaqSettings, run: TrainingRun) -> list[float]:
        choose_trainable(model, recipe.method, recipe.frozen_layers)
        losses = fine_tune(model, draw, loss, schedule_of(recipe), stage, run=run)
        merged(model)
        return losses

    fit_and_prune(model, model, settings, fit, draw, loss, UNKEPT)


def measure_threads(encoder: WordEncoder, threads: Sequence[Thread]) -> dict[str, float]:
    """Mean average precision over the paraphrases that are judged, by meaning and as it serves."""
    passages = [passage for thread in threads for passage in thread.passages()]
    queries = [query for thread in threads for query in thread.judged]
    right = [str(thread.id) for thread in threads for _ in thread.judged]
    vectors = encoder.encode(queries)
    keys = encoder.encode([passage.searchable_text for passage in passages])
    by_meaning = np.argsort(-(vectors @ keys.T), axis=1)
    of_thread = [passage.id.partition("-")[0] for passage in passages]
    index = PassageIndex.build(encoder, passages, word_encoder=encoder)

    def served(index: PassageIndex) -> float:
        found = index.search_encoded(queries, vectors, len(passages))
        rankings = [[one.passage.id.partition("-")[0] for one in row] for row in found]
        return _mean_average_precision(rankings, right)

    return {
        "meaning": _mean_average_precision(
            [[of_thread[place] for place in row] for row in by_meaning], right
        ),
        "skimmed": served(index.skimming()),
        "served": served(index),
    }


def _mean_average_precision(rankings: Sequence[Sequence[str]], right: Sequence[str]) -> float:
    return float(
        np.mean(
            [
                average_precision([thread == wanted for thread in ranking])
                for ranking, wanted in zip(rankings, right, strict=True)
            ]
        )
    )
