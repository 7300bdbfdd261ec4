"""What a reranker adds on stackfaq: all answers of a FAQ, ranked for a paraphrase of a question.

Retriever and reranker learn from the first half of each thread's paraphrases, but for one in five
of them, on which the reranker's weight is chosen; both are judged on the other half. Split and data
as in `support_qa/public/stackfaq.py`.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from pipelines.measuring.engines import export_engines, export_unregistered
from pipelines.measuring.ranking_metrics import average_precision
from pipelines.reranker.calibrate import TRIED_WEIGHTS
from pipelines.reranker.mining import mine_public
from pipelines.reranker.model import new_model
from pipelines.reranker.public_sets import set_of_threads
from pipelines.reranker.settings import RerankerSettings
from pipelines.reranker.train import tune
from pipelines.running.progress import Progress
from pipelines.support_qa.public.stackfaq import (
    StackFaqSettings,
    Thread,
    read_threads,
    tune_on_threads,
)
from pipelines.training.text_model import TextModel
from textwire.models.base_model import find_base
from textwire.models.engines.encoder import Encoder
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.passage_index import Candidate, PassageIndex
from textwire.support_qa.reranking import LABELS, Reranker, fused

# Of the retriever's ranking; the rest stays as it is behind them. A thread has six answers.
READ = 20
CHOSEN_ON_ONE_OF = 5


@dataclass(frozen=True)
class AskedRead:
    """Queries with their threads, all answers ranked for each, and the first of them read."""

    right: list[str]
    ranked: list[list[Candidate]]
    read: list[list[Candidate]]

    def mean_average_precision(self, weight: float) -> float:
        """MAP of the whole ranking, its first answers reranked by a weight."""
        precisions = []
        for wanted, ranked, read in zip(self.right, self.ranked, self.read, strict=True):
            order = [*fused(read, weight), *ranked[len(read) :]]
            precisions.append(average_precision([_thread_of(one) == wanted for one in order]))
        return float(np.mean(precisions))


def evaluate_stackfaq(
    file: Path, retrieving: StackFaqSettings, reranking: RerankerSettings, progress: Progress
) -> dict[str, float]:
    """MAP by the retriever alone and with the reranker, both at int8; and the weight chosen.

    Raises: DataError: the data are not there, or not as they should be.
    """
    threads = read_threads(file)
    learned, chosen_on = hold_back(threads, reranking.seed)
    with tempfile.TemporaryDirectory() as work:
        folders = [Path(work) / name for name in ("retriever", "reranker")]
        for folder in folders:
            folder.mkdir()
        retriever = TextModel(find_base(retrieving.base), folders[0], retrieving.max_tokens)
        with progress.stage("Fine-tuning the retriever") as stage:
            tune_on_threads(retriever, learned, retrieving, stage)
        encoder = export_engines(retriever, folders[0], retrieving.max_tokens)["int8"]
        base = find_base(reranking.base)
        model = new_model(TextModel(base, folders[1], reranking.max_tokens), reranking.seed)
        with progress.stage("Fine-tuning the reranker") as stage:
            rng = random.Random(reranking.seed)  # noqa: S311 - an order, no secret
            asked = set_of_threads(learned)
            rankings = mine_public(encoder, asked, reranking.mined, len(asked.questions), rng)
            tune(model, rankings, reranking, stage)
        artifact = export_unregistered(model, base.name, folders[1], reranking.max_tokens, LABELS)
        reranker = Reranker(OnnxClassifier(artifact, "int8", threads=2), weight=0.0)
        with progress.stage("Ranking all answers"):
            choosing = read_queries(encoder, reranker, threads, [t.learned for t in chosen_on])
            judging = read_queries(encoder, reranker, threads, [t.judged for t in threads])
    weight = max(TRIED_WEIGHTS, key=lambda one: (choosing.mean_average_precision(one), -one))
    return {
        "alone": judging.mean_average_precision(0.0),
        "reranked": judging.mean_average_precision(weight),
        "weight": weight,
    }


def hold_back(threads: Sequence[Thread], seed: int) -> tuple[list[Thread], list[Thread]]:
    """The same threads twice: with the paraphrases to learn from, and with those to choose on."""
    rng = random.Random(seed)  # noqa: S311 - a split, no secret
    learned, chosen_on = [], []
    for thread in threads:
        order = rng.sample(thread.learned, len(thread.learned))
        count = len(order) // CHOSEN_ON_ONE_OF
        chosen_on.append(msgspec.structs.replace(thread, queries=order[:count]))
        learned.append(msgspec.structs.replace(thread, queries=order[count:]))
    return learned, chosen_on


def read_queries(
    encoder: Encoder,
    reranker: Reranker,
    threads: Sequence[Thread],
    queries: Sequence[Sequence[str]],
) -> AskedRead:
    """Queries of each thread, with all answers ranked and the first ones read."""
    passages = [passage for thread in threads for passage in thread.passages()]
    asked = [query for some in queries for query in some]
    right = [str(t.id) for t, some in zip(threads, queries, strict=True) for _ in some]
    index = PassageIndex.build(encoder, passages)
    ranked = index.search_encoded(asked, encoder.encode(asked), len(passages))
    return AskedRead(right, ranked, reranker.read(asked, [row[:READ] for row in ranked]))


def _thread_of(candidate: Candidate) -> str:
    return candidate.passage.id.partition("-")[0]
