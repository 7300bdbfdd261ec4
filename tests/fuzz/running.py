"""Gives a target so many inputs, seeded, and counts what became of them."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.target import Target
from tests.fuzz.targets import ALL


@dataclass
class Tried:
    """How a target did. `failure` is the smallest input that broke its promise, and how."""

    name: str
    counts: Counter[bool] = field(default_factory=Counter)
    took_s: float = 0.0
    failure: str = ""

    @property
    def inputs(self) -> int:
        """How many were given."""
        return self.counts.total()


def try_numbered(which: int, inputs: int, number: int) -> Tried:
    """The same for the target of that place among all: what another process can be asked for."""
    return try_many(ALL[which], inputs, number)


def try_many(target: Target, inputs: int, number: int) -> Tried:
    """So many inputs drawn from a seed; after a failure, only to make it small."""
    tried = Tried(target.name)

    @seed(number)
    @settings(
        max_examples=inputs,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    @given(target.inputs)
    def try_all(one: Any) -> None:
        tried.counts[target.try_one(one)] += 1

    began = time.monotonic()
    try:
        try_all()
    except Exception as error:  # noqa: BLE001 - whatever was not promised is what is looked for
        notes = "; ".join(getattr(error, "__notes__", ()))
        tried.failure = f"{type(error).__name__}: {error} ({notes})"
    tried.took_s = time.monotonic() - began
    return tried
