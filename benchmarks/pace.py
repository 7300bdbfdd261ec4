"""How long everything is measured for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """Durations and sizes of one run of the benchmarks.

    warm_up      messages before anything is measured.
    users        whose profiles there are before recommendations are asked for.
    many_items   of the large catalogue.
    rounds       of the engine's texts, the best of which counts.
    """

    warm_up: int = 40
    light_s: float = 24.0
    half_s: float = 12.0
    saturated_s: float = 8.0
    users: int = 300
    many_items: int = 100_000
    rounds: int = 5


FULL = Pace()
# To see that everything works. Its figures mean nothing.
QUICK = Pace(
    warm_up=5, light_s=4.0, half_s=3.0, saturated_s=3.0, users=20, many_items=2_000, rounds=1
)
