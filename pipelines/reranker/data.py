"""What the pipeline learns from: questions, each with passages of which one answers it, or none."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipelines.support_qa.data import SupportData


@dataclass(frozen=True)
class Ranking:
    """A question, what answers it, and texts that nearly do: the more alike, the further ahead.

    right    texts that answer it, of which one is shown at a time; none where nothing does.
    wrongs   texts that were found for it and do not.
    """

    question: str
    right: tuple[str, ...]
    wrongs: tuple[str, ...]


class ShownList(NamedTuple):
    """What is learned from in one step of an epoch; the first text is right, if any is."""

    question: str
    texts: list[str]
    answered: bool


class Grouped(NamedTuple):
    """A text, and the name of what it is about: an intent, a thread."""

    text: str
    group: str


@dataclass(frozen=True)
class PublicSet:
    """Questions and texts, of which those of a question's own group answer it or say the same."""

    questions: Sequence[Grouped]
    texts: Sequence[Grouped]


@dataclass(frozen=True)
class RerankerData:
    """Questions and passages as support QA has them, and public sets to learn from beside them."""

    support: SupportData
    public: Sequence[PublicSet] = field(default=())


def shown(ranking: Ranking, wrongs: int, withheld: float, rng: random.Random) -> ShownList | None:
    """A ranking as it is shown this time; None where there is nothing to tell apart.

    Args: withheld: the chance that nothing of it is right.
    """
    drawn = rng.sample(ranking.wrongs, min(wrongs, len(ranking.wrongs)))
    if not drawn:
        return None
    if not ranking.right or rng.random() < withheld:
        return ShownList(ranking.question, drawn, answered=False)
    return ShownList(ranking.question, [rng.choice(ranking.right), *drawn], answered=True)
