"""Texts a second of the serving engine, beside plain sentence-transformers on the same weights."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import torch

from benchmarks.pace import Pace
from benchmarks.plain.encoder import BATCH_TEXTS
from benchmarks.plain.encoder import load_encoder as load_plain
from benchmarks.setting import champion
from benchmarks.support import TASK, sample_passages, sample_questions
from benchmarks.tables import table
from textwire.models.engines.serving import load_encoder
from textwire.settings import ModelSettings

ONE_BY_ONE = 60

Encode = Callable[[Sequence[str]], object]


def measure(pace: Pace) -> str:
    """Both engines on one thread, in turns, the best of some rounds each."""
    torch.set_num_threads(1)
    ours = load_encoder(champion(TASK), ModelSettings(threads=1))
    plain = load_plain(TASK)
    texts = {
        "questions": sample_questions()[:400],
        "passages": [passage.searchable_text for passage in sample_passages()],
    }
    ways: tuple[tuple[str, int | None, Encode, Encode], ...] = (
        (
            "1",
            ONE_BY_ONE,
            lambda some: [ours.encode([one]) for one in some],
            lambda some: [plain.encode([one]) for one in some],
        ),
        (
            "streamed",
            None,
            ours.encode,
            lambda some: plain.encode(list(some), batch_size=BATCH_TEXTS),
        ),
    )
    rows = [
        [name, batch, *compare(ours_does, plain_does, some[:count], pace.rounds)]
        for name, some in texts.items()
        for batch, count, ours_does, plain_does in ways
    ]
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


def compare(ours: Encode, plain: Encode, texts: Sequence[str], rounds: int) -> list[str]:
    """Texts a second of each, and their ratio."""
    rates = [(rate(ours, texts), rate(plain, texts)) for _ in range(rounds)]
    ours_best, plain_best = np.max(rates, axis=0)
    ratio = float(np.median([mine / theirs for mine, theirs in rates]))
    return [f"{ours_best:.0f}", f"{plain_best:.0f}", f"{ratio:.1f}x"]


def rate(encode: Encode, texts: Sequence[str]) -> float:
    """Texts a second."""
    began = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - began)
