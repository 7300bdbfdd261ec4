"""Named bars with a number each, one below the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BarView:
    """One bar; `below`: of a number under zero."""

    name: str
    width_percent: str
    number: str
    below: bool = False
