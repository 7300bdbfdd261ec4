"""How far and how fast a training goes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pipelines.tuning.methods import Method, learning_rate
from textwire.errors import DataError

# What a patient training is judged on, out of what it would have learned from.
JUDGED_ONE_OF = 10
T = TypeVar("T")


@dataclass(frozen=True)
class Schedule:
    """How far and how fast to go."""

    epochs: int
    learning_rate: float
    warm_up: float = 0.1  # part of all steps over which the rate rises from 0
    weight_decay: float = 0.01  # of matrices; biases and norms are left alone
    seed: int = 0
    accumulation: int = 1  # batches whose gradients are added up before a step
    gradient_checkpointing: bool = False  # less memory for a third more time
    patience: int = 0  # epochs without a better figure after which to stop; 0: all are run
    adversarial: float = 0.0  # how far word vectors are pushed, see `adversarial.py`; 0: not
    averaged: float = 0.0  # the last part of all steps of whose weights the mean is kept; 0: none

    def rate(self, step: int, steps: int) -> float:
        """Linear rise, then linear fall to 0, as a part of the learning rate.

        Where weights are averaged it does not fall: what goes round the bottom must keep going.
        """
        rising = max(1, round(self.warm_up * steps))
        if self.averaged:
            return min((step + 1) / rising, 1.0)
        return min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising)))


class Recipe(Protocol):
    """The settings that a schedule is made of; see `Settings`."""

    @property
    def method(self) -> Method: ...  # noqa: D102
    @property
    def epochs(self) -> int: ...  # noqa: D102
    @property
    def learning_rate(self) -> float: ...  # noqa: D102
    @property
    def seed(self) -> int: ...  # noqa: D102
    @property
    def accumulation(self) -> int: ...  # noqa: D102
    @property
    def gradient_checkpointing(self) -> bool: ...  # noqa: D102
    @property
    def patience(self) -> int: ...  # noqa: D102
    @property
    def adversarial(self) -> float: ...  # noqa: D102
    @property
    def averaged(self) -> float: ...  # noqa: D102


def schedule_of(settings: Recipe) -> Schedule:
    """What a pipeline's settings say, at the rate that suits the method."""
    return Schedule(
        settings.epochs,
        learning_rate(settings.method, settings.learning_rate),
        seed=settings.seed,
        accumulation=settings.accumulation,
        gradient_checkpointing=settings.gradient_checkpointing,
        patience=settings.patience,
        adversarial=settings.adversarial,
        averaged=settings.averaged,
    )


def hold_back(items: Sequence[T], settings: Recipe) -> tuple[list[T], list[T]]:
    """What is learned from, and what a patient training is judged on; nothing where it is not.

    Raises: DataError: there are too few of them.
    """
    if not settings.patience:
        return list(items), []
    if len(items) < JUDGED_ONE_OF:
        raise DataError(
            f"To stop early (patience={settings.patience}) one example in {JUDGED_ONE_OF} is held "
            f"back, and there are {len(items)} in all. Give more, or set patience=0."
        )
    order = random.Random(settings.seed).sample(range(len(items)), len(items))  # noqa: S311
    judged = frozenset(order[: len(items) // JUDGED_ONE_OF])
    return (
        [item for place, item in enumerate(items) if place not in judged],
        [item for place, item in enumerate(items) if place in judged],
    )
