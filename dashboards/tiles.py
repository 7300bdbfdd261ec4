"""Figures at the head of a page, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.markup import Tone
from dashboards.rendering import render


@dataclass(frozen=True)
class Tile:
    """One figure with its unit, and a line that puts it in place."""

    label: str
    value: str
    note: str
    tone: Tone = "quiet"


def tile_grid(tiles: Sequence[Tile]) -> str:
    """Tiles side by side, as many as fit."""
    return render("shared/tiles.html", tiles=tiles)
