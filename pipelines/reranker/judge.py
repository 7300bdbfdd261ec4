"""What a served reranker makes of held-out questions, one by one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipelines.measuring.judgement import Disturb, Judgement, key_of, slices_by_length
from pipelines.measuring.speed import TimedReading
from pipelines.reranker.calibrate import read_questions
from pipelines.reranker.data import RerankerData
from pipelines.reranker.retriever import open_retriever
from pipelines.reranker.settings import RerankerSettings
from pipelines.support_qa.calibrate import are_right, split_held_out
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.confidence import confidence
from textwire.support_qa.reranking import Reranker


def judge(
    artifact: Artifact, data: RerankerData, settings: RerankerSettings, disturb: Disturb
) -> Judgement:
    """Recall@1 and confidence on the half of the held-out questions that is reported."""
    manifest = artifact.manifest
    retriever = open_retriever(str(manifest.settings["retriever"]), data.support)
    reranker = Reranker(OnnxClassifier(artifact, "int8", threads=2), manifest.ranking["relevance"])
    asked = [
        replace(question, text=disturb(question.text))
        for question in split_held_out(data.support, settings.seed).reported
    ]
    questions = read_questions(retriever, reranker, asked, settings.read)
    ranked = questions.ranked(manifest.ranking["relevance"])
    right = are_right(ranked, asked)
    answerable = np.array([question.passage_id is not None for question in asked])
    scores = right[answerable].astype(np.float64)
    kept = [question for question in asked if question.passage_id is not None]
    texts = [question.text for question in kept]
    found = [
        candidates
        for candidates, is_answerable in zip(questions.read, answerable, strict=True)
        if is_answerable
    ]
    found_by_text = dict(zip(texts, found, strict=True))
    timed = TimedReading.of(
        lambda some: reranker.read(some, [found_by_text[text] for text in some]), texts
    )
    return Judgement(
        metric="recall@1",
        keys=tuple(key_of(one.text, str(one.passage_id)) for one in kept),
        scores=scores,
        confidences=np.array([confidence(one, manifest.calibration) for one in ranked]),
        right=right,
        texts_per_s=timed.texts_per_s(),
        timed=timed,
        slices=slices_by_length(texts, scores),
    )
