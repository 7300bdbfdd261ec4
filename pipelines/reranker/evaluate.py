"""How far the int8 graph strays from the model, on pairs that were held out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from pipelines.classification.model import TextClassifier
from pipelines.measuring.agreement import LabelAgreement, compare_labels
from pipelines.reranker.retriever import Retriever
from pipelines.support_qa.data import LabelledQuestion
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.probabilities import softmax
from textwire.support_qa.reranking import candidate_text, pair_text

COMPARED = 500


def compare_engines(
    trained: TextClassifier, served: OnnxClassifier, pairs: Sequence[str]
) -> LabelAgreement:
    """How near the int8 graph's probabilities are to the model's."""
    return compare_labels(softmax(trained.logits(pairs)[0]), softmax(served.logits(pairs)[0]))


def some_pairs(retriever: Retriever, asked: Sequence[LabelledQuestion], depth: int) -> list[str]:
    """A few held-out questions beside what is found for them, as the model reads them."""
    questions = [question.text for question in asked[: max(1, COMPARED // depth)]]
    found = retriever.index.search(questions, depth)
    pairs = (
        pair_text(question, candidate_text(candidate))
        for question, candidates in zip(questions, found, strict=True)
        for candidate in candidates
    )
    return list(islice(pairs, COMPARED))
