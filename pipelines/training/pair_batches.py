"""Batches of (question, passage) pairs: neighbours together, and no passage twice."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from textwire.models.engines.encoder import Vectors


class Pair(NamedTuple):
    """A question and the passage that answers it."""

    question: str
    passage: str


class PairBatch(NamedTuple):
    """Questions and different passages; `answers[i]` is the place of question i's passage."""

    questions: list[str]
    passages: list[str]
    answers: list[int]


def draw_batches(
    pairs: Sequence[Pair],
    neighbourhoods: Sequence[Sequence[str]],
    passages_per_batch: int,
    rng: random.Random,
) -> list[PairBatch]:
    """All pairs once, in batches of whole neighbourhoods, in random order.

    Questions of a passage come together with it, so that it is encoded once: with three short
    questions to a long passage this is a third of the work of drawing pairs by themselves.
    """
    questions_of: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        questions_of[pair.passage].append(pair.question)
    shuffled = rng.sample(list(neighbourhoods), len(neighbourhoods))
    passages = [passage for near in shuffled for passage in near]
    chunks = [
        passages[start : start + passages_per_batch]
        for start in range(0, len(passages), passages_per_batch)
    ]
    batches = [_batch(chunk, questions_of) for chunk in chunks]
    return [batch for batch in batches if batch.questions]


def draw_rounds(pairs: Sequence[Pair], most: int, rng: random.Random) -> list[list[Pair]]:
    """All pairs once, in rounds in each of which a passage has at most so many questions.

    A model learns by steps, and with all questions of a passage at once there are few of them.

    Args: most: 0: one round has all.
    """
    if not most:
        return [list(pairs)]
    rounds: dict[int, list[Pair]] = defaultdict(list)
    come: Counter[str] = Counter()
    for pair in rng.sample(list(pairs), len(pairs)):
        rounds[come[pair.passage] // most].append(pair)
        come[pair.passage] += 1
    return [rounds[number] for number in sorted(rounds)]


def draw_neighbourhoods(
    passages: Sequence[str], vectors: Vectors, size: int, rng: random.Random
) -> list[list[str]]:
    """Passages in groups of `size`: one at random, with the nearest that are still free.

    Passages drawn at random are told apart too easily for a model to learn from it.

    Args:   passages: n different ones. vectors: (n, d) float32, unit length.
    Source: after Xiong et al. 2021, arXiv:2007.00808, with the base model's neighbours throughout.
    """
    free = np.ones(len(passages), dtype=bool)
    groups = []
    for seed in rng.sample(range(len(passages)), len(passages)):
        if not free[seed]:
            continue
        cosines = np.where(free, vectors @ vectors[seed], -np.inf)
        cosines[seed] = np.inf
        nearest = np.argsort(-cosines)[: min(size, int(free.sum()))]
        free[nearest] = False
        groups.append([passages[place] for place in nearest])
    return groups


def with_contrasts(
    neighbourhoods: Sequence[Sequence[str]], contrasts: Sequence[tuple[str, str]]
) -> list[list[str]]:
    """The same, each wrong passage moved to right behind the one that it was mistaken for.

    Args: contrasts: texts of a right passage and of a wrong one; a wrong one moves once at most.
    """
    behind: dict[str, list[str]] = defaultdict(list)
    moved: set[str] = set()
    for right, wrong in contrasts:
        if wrong != right and wrong not in behind and not moved & {right, wrong}:
            behind[right].append(wrong)
            moved.add(wrong)
    return [
        [text for kept in near if kept not in moved for text in (kept, *behind[kept])]
        for near in neighbourhoods
    ]


def _batch(passages: list[str], questions_of: dict[str, list[str]]) -> PairBatch:
    asked = [(q, place) for place, passage in enumerate(passages) for q in questions_of[passage]]
    return PairBatch([q for q, _ in asked], passages, [place for _, place in asked])
