"""Questions to answers: the nearest passage by cosine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import faiss

from benchmarks.plain.encoder import embed, load_encoder
from benchmarks.plain.loop import Handle, Publish, serve
from benchmarks.support import TASK, sample_passages

SOURCES = 3


def prepare() -> Handle:
    model = load_encoder(TASK)
    passages = sample_passages()
    vectors = embed(model, [passage.searchable_text for passage in passages])
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)

    def answer(records: Sequence[Any], publish: Publish) -> None:
        questions = [json.loads(record.value) for record in records]
        scores, found = index.search(embed(model, [q["text"] for q in questions]), SOURCES)
        for question, row, cosines in zip(questions, found, scores, strict=True):
            message = {
                "question_id": question["id"],
                "session_id": question["session_id"],
                "outcome": "answered",
                "text": passages[row[0]].text,
                "confidence": max(0.0, min(1.0, float(cosines[0]))),
                "sources": [],
                "model": "plain",
                "answered_at": datetime.now(UTC).isoformat(),
            }
            publish("support.answers", question["session_id"], message)

    return answer


if __name__ == "__main__":
    serve("plain-support", ["support.questions"], prepare)
