"""The same job written the plain way: one loop over kafka-python, sentence-transformers, FAISS.

The yardstick for latency: the same weights in fp32, the same passages, the same topics, offsets
committed after each poll. It has no dead letters, no fence, no calibration, no transactions.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Any

import faiss
import kafka
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from benchmarks.setting import champion, sample_passages
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.observing.metrics import CollectorRegistry


def main() -> None:
    # By default a thread for each core, which spin while the broker wants one: p50 is 1 s then.
    torch.set_num_threads(1)
    health = Health(["model"])
    port = int(os.environ["TEXTWIRE_SERVICE_PORT"])
    endpoints = Endpoints("127.0.0.1", port, health, CollectorRegistry())
    model = load_model()
    passages = sample_passages()
    index = faiss.IndexFlatIP(model.get_sentence_embedding_dimension())
    index.add(embed(model, [passage.searchable_text for passage in passages]))
    servers = os.environ["TEXTWIRE_KAFKA_BOOTSTRAP_SERVERS"]
    consumer = kafka.KafkaConsumer(
        "support.questions",
        bootstrap_servers=servers,
        group_id="plain",
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    producer = kafka.KafkaProducer(bootstrap_servers=servers, acks="all")
    consumer.poll(timeout_ms=3000)
    health.met("model")
    try:
        while True:
            polled = consumer.poll(timeout_ms=500)
            questions = [json.loads(r.value) for records in polled.values() for r in records]
            if not questions:
                continue
            answer(questions, model, index, passages, producer)
            producer.flush()
            consumer.commit()
    finally:
        endpoints.close()


def load_model() -> SentenceTransformer:
    """The champion's weights, as sentence-transformers reads them."""
    from sentence_transformers.models import Normalize, Pooling, Transformer

    transformer = Transformer(str(champion().path), max_seq_length=256)
    pooling = Pooling(transformer.get_word_embedding_dimension(), "mean")
    return SentenceTransformer(modules=[transformer, pooling, Normalize()], device="cpu")


def embed(model: SentenceTransformer, texts: list[str]) -> np.ndarray[Any, Any]:
    """(n, d) float32."""
    return np.asarray(model.encode(texts, show_progress_bar=False), dtype=np.float32)


def answer(
    questions: list[dict[str, Any]], model: Any, index: Any, passages: Any, producer: Any
) -> None:
    vectors = embed(model, [question["text"] for question in questions])
    scores, found = index.search(vectors, 3)
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
        producer.send(
            "support.answers",
            key=question["session_id"].encode(),
            value=json.dumps(message).encode(),
        )


if __name__ == "__main__":
    sys.exit(main())
