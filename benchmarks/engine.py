"""Texts a second of the serving engine, beside plain sentence-transformers on the same weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from benchmarks.plain_service import load_model
from benchmarks.setting import champion, sample_passages, sample_questions
from benchmarks.tables import table
from textwire.models.serving import load_encoder
from textwire.settings import ModelSettings

ROUNDS = 5
ONE_BY_ONE = 60

Encode = Callable[[Sequence[str]], object]


def measure() -> str:
    """Both engines on one thread, in turns, the best of five rounds each."""
    torch.set_num_threads(1)
    ours = load_encoder(champion(), ModelSettings(threads=1))
    plain = load_model()
    texts = {
        "questions": sample_questions()[:400],
        "passages": [passage.searchable_text for passage in sample_passages()],
    }
    rows = []
    for name, some in texts.items():
        rows.append(
            [
                name,
                "1",
                *compare(
                    lambda t: [ours.encode([one]) for one in t],
                    lambda t: [plain.encode([one]) for one in t],
                    some[:ONE_BY_ONE],
                ),
            ]
        )
        rows.append(
            [
                name,
                "streamed",
                *compare(ours.encode, lambda t: plain.encode(list(t), batch_size=8), some),
            ]
        )
    return table(
        [
            "texts",
            "batch",
            "Textwire int8, texts/s",
            "sentence-transformers fp32, texts/s",
            "ratio",
        ],
        rows,
    )


def compare(ours: Encode, plain: Encode, texts: Sequence[str]) -> list[str]:
    """Texts a second of each, and their ratio."""
    rates = [(rate(ours, texts), rate(plain, texts)) for _ in range(ROUNDS)]
    ours_best, plain_best = np.max(rates, axis=0)
    ratio = float(np.median([mine / theirs for mine, theirs in rates]))
    return [f"{ours_best:.0f}", f"{plain_best:.0f}", f"{ratio:.1f}x"]


def rate(encode: Encode, texts: Sequence[str]) -> float:
    """Texts a second."""
    began = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - began)
