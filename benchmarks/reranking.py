"""What a reranker costs: `python -m benchmarks.reranking`.

One question after another, on one thread: found by the retriever, and then with the reranker's
reading of 5, 10 and 20 passages. Times are of the processor, in milliseconds: others that work on
the machine meanwhile do not count. Where no reranker is champion, one that learned nothing is
measured, which takes as long.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.setting import champion
from benchmarks.support import TASK, sample_passages, sample_questions
from textwire.errors import ArtifactMissing
from textwire.models.artifacts.artifact import Artifact
from textwire.models.base_model import find_base
from textwire.models.engines.onnx import OnnxEncoder
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.passage_index import CANDIDATES, PassageIndex
from textwire.support_qa.ranking import ranking_weights
from textwire.support_qa.reranking import LABELS, Reranker
from textwire.support_qa.reranking import TASK as RERANKER

QUESTIONS = 100
WARM_UP = 5
DEPTHS = (5, 10, 20)


def main() -> None:
    """Measure each depth."""
    retriever = champion(TASK)
    encoder = OnnxEncoder(retriever, "int8", threads=1)
    weights = ranking_weights(retriever.manifest.ranking)
    index = PassageIndex.build(encoder, sample_passages(), weights)
    with tempfile.TemporaryDirectory() as folder:
        reranker = Reranker(OnnxClassifier(_reranker(Path(folder)), "int8", threads=1), 0.01)
        print("| | p50 ms | p99 ms |\n|---|---|---|")
        _tell("retriever alone", lambda question: index.search([question], CANDIDATES))
        for depth in DEPTHS:
            _tell(
                f"and {depth} passages read",
                lambda question, depth=depth: reranker.reranked(
                    [question], index.search([question], depth), CANDIDATES
                ),
            )


def _tell(name: str, answer: Callable[[str], object]) -> None:
    asked = sample_questions()
    taken = []
    for question in asked[:: len(asked) // (QUESTIONS + WARM_UP)]:
        began = time.process_time()
        answer(question)
        taken.append(1_000 * (time.process_time() - began))
    p50, p99 = np.quantile(taken[WARM_UP:], [0.5, 0.99])
    print(f"| {name} | {p50:.1f} | {p99:.1f} |", flush=True)


def _reranker(folder: Path) -> Artifact:
    try:
        return champion(RERANKER)
    except ArtifactMissing:
        from pipelines.classification.model import TextClassifier
        from pipelines.measuring.engines import export_unregistered
        from pipelines.running.training_spec import Settings
        from pipelines.training.text_model import TextModel

        usual = Settings()
        base = find_base(usual.base)
        model = TextClassifier(TextModel(base, folder, usual.max_tokens), len(LABELS), 0)
        return export_unregistered(model, base.name, folder, usual.max_tokens, LABELS)


if __name__ == "__main__":
    main()
