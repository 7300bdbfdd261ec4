"""Batches of texts of like length, under a budget of padded tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

# Past about 512 tokens MiniLM's working set leaves a core's cache: larger batches are slower.
CPU_BATCH_TOKENS = 512
GPU_BATCH_TOKENS = 65_536


def token_batches(lengths: Sequence[int], budget: int = CPU_BATCH_TOKENS) -> Iterator[list[int]]:
    """Indices of texts, shortest first, in batches of at most `budget` tokens with padding.

    A text that is longer than the budget makes a batch of its own.
    """
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        # Lengths ascend, so the newcomer's is what the whole batch is padded to.
        if batch and (len(batch) + 1) * lengths[index] > budget:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
