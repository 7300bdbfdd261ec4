"""What a served retriever makes of held-out questions, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from pipelines.support_qa.calibrate import split_held_out, without_some_passages
from pipelines.support_qa.data import LabelledQuestion, SupportData
from pipelines.support_qa.evaluate import THREADS, served_index
from pipelines.support_qa.settings import SupportQaTrainingSettings
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx import OnnxEncoder
from textwire.support_qa.confidence import confidence
from textwire.support_qa.passage_index import Candidate


def judge(
    artifact: Artifact, data: SupportData, settings: SupportQaTrainingSettings, disturb: Disturb
) -> Judgement:
    """Recall@1 of every held-out question; confidence on the half that is reported."""
    index = served_index(artifact, data)
    asked = _disturbed(data.held_out, disturb)
    scores = _right(index.search([question.text for question in asked]), asked).astype(np.float64)
    reported = _disturbed(split_held_out(data, settings.seed).reported, disturb)
    if not data.unanswerable_train:
        index = without_some_passages(index, data)
    found = index.search([question.text for question in reported])
    calibration = artifact.manifest.calibration
    texts = [question.text for question in data.held_out]
    timed = TimedReading.of(OnnxEncoder(artifact, "int8", THREADS).encode, texts)
    return Judgement(
        metric="recall@1",
        keys=tuple(key_of(asked.text, str(asked.passage_id)) for asked in data.held_out),
        scores=scores,
        confidences=np.array([confidence(row, calibration) for row in found]),
        right=_right(found, reported),
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(texts, scores),
    )


def _disturbed(asked: Sequence[LabelledQuestion], disturb: Disturb) -> list[LabelledQuestion]:
    return [replace(question, text=disturb(question.text)) for question in asked]


def _right(
    found: Sequence[Sequence[Candidate]], asked: Sequence[LabelledQuestion]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array(
        [
            bool(candidates) and candidates[0].passage.id == question.passage_id
            for candidates, question in zip(found, asked, strict=True)
        ],
        dtype=np.bool_,
    )
