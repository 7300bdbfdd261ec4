"""Retrieval as it serves, over questions whose passage is known, and how far int8 strays."""

from __future__ import annotations

from collections.abc import Sequence

from pipelines.measuring.agreement import VectorAgreement, compare_vectors
from pipelines.measuring.ranking_metrics import mean_reciprocal_rank, rank_of, recall_at
from pipelines.support_qa.data import LabelledQuestion, SupportData
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.cached import CachedEncoder
from textwire.models.engines.encoder import Encoder
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.word_states import WordEncoder, word_encoder
from textwire.results.memory import MemoryResults
from textwire.support_qa.passage_index import DEPTH, PassageIndex
from textwire.support_qa.ranking import UNTUNED, RankingWeights, ranking_weights

THREADS = 2


def build_index(
    encoder: Encoder, data: SupportData, weights: RankingWeights = UNTUNED
) -> PassageIndex:
    """The index that the service would build; every text is encoded once, whoever asks.

    An encoder of words reads the best closely.
    """
    words = encoder if isinstance(encoder, WordEncoder) else None
    return PassageIndex.build(
        CachedEncoder(encoder, MemoryResults()), data.passages, weights, words
    )


def served_index(model: Artifact, data: SupportData) -> PassageIndex:
    """The index of a model as it serves on a CPU, at int8.

    Raises: ArtifactError: it cannot be used.
    """
    encoder = OnnxEncoder(model, "int8", threads=THREADS)
    return PassageIndex.build(
        CachedEncoder(encoder, MemoryResults()),
        data.passages,
        ranking_weights(model.manifest.ranking),
        word_encoder(encoder, model.manifest),
    )


def measure_retrieval(index: PassageIndex, asked: Sequence[LabelledQuestion]) -> dict[str, float]:
    """Recall and mean reciprocal rank of the fused ranking, read as deep as it is made."""
    found = index.search([question.text for question in asked], DEPTH)
    rankings = [[candidate.passage.id for candidate in row] for row in found]
    ranks = [
        rank_of(question.passage_id or "", ranking)
        for question, ranking in zip(asked, rankings, strict=True)
    ]
    return {
        "recall_at_1": recall_at(1, ranks),
        "recall_at_5": recall_at(5, ranks),
        "mrr": mean_reciprocal_rank(ranks),
    }


def compare_engines(trained: Encoder, served: Encoder, data: SupportData) -> VectorAgreement:
    """How near the int8 graph's vectors are to the model's, over held-out questions."""
    questions = [asked.text for asked in data.held_out]
    passages = [passage.searchable_text for passage in data.passages]
    return compare_vectors(
        trained.encode(questions),
        trained.encode(passages),
        served.encode(questions),
        served.encode(passages),
    )
