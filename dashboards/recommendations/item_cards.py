"""Recommended items as cards: what it is, how likely it pleases, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dashboards.recommendations.bars import BarView
from dashboards.rendering import render
from dashboards.wording import MINUS, chance_words, fine_percent, money
from textwire.recommendations.messages import Item, Mode, ScoredItem

# Below a hundredth two items' parts are the same for a reader.
SAME = 0.01


@dataclass(frozen=True)
class MoveView:
    """How an item moved since the list before."""

    side: Literal["up", "down"]
    words: str
    title: str = ""


@dataclass(frozen=True)
class MatchView:
    """How well an item fits, beside the best of its list, and how probable that is in words."""

    width_percent: str
    words: str
    told: str


@dataclass(frozen=True)
class OfferView:
    """An item of a list as its card shows it."""

    rank: int
    move: MoveView | None
    match: MatchView
    title: str
    about: str
    reason: str


def match_of(scored: ScoredItem, best: float, mode: Mode = "for_user") -> MatchView:
    """An item's match, as a bar beside the best score of its list."""
    share = scored.score / best if best > 0 else 0.0
    width = f"{100 * min(1.0, share):.0f}"
    if mode != "for_user":
        return MatchView(width, f"{scored.score:.2f}", "How strong it is")
    said = fine_percent(scored.score) if scored.score >= 0.0005 else "less than 0.05 %"
    told = f"{said} likely to be clicked or bought next; the bar: beside the best of this list"
    return MatchView(width, chance_words(scored.score), told)


def best_score(scores: Sequence[ScoredItem]) -> float:
    """What bars of a list are measured by."""
    return max((one.score for one in scores), default=0.0)


def offer_card(
    scored: ScoredItem, match: MatchView, item: Item | None, rose: int | None, currency: str
) -> str:
    """One item of a list.

    Args: match: how well it fits. item: as the catalogue has it; None when it is gone from there.
          rose: places it rose since the list before, None when it was not in it.
    """
    view = OfferView(
        rank=scored.rank,
        move=_move(rose),
        match=match,
        title=item.title if item else scored.item_id,
        about=_about(item, currency) if item else "no longer in the catalogue",
        reason=scored.reason,
    )
    return render("recommendations/offer.html", offer=view)


def parts_list(scored: ScoredItem, telling: Mapping[str, float]) -> str:
    """What the ranker saw in an item; nothing where it saw nothing that tells items apart.

    Args: telling: the parts in which the list's items differ, with the largest size of each.
    """
    rows = [
        _part(name, scored.parts[name], largest)
        for name, largest in telling.items()
        if name in scored.parts
    ]
    return render("recommendations/parts.html", rows=rows) if rows else ""


def telling_parts(scores: Sequence[ScoredItem]) -> dict[str, float]:
    """The parts in which a list's items differ, with the largest size of each, in their order."""
    names = dict.fromkeys(name for scored in scores for name in scored.parts)
    found = {}
    for name in names:
        values = [scored.parts.get(name, 0.0) for scored in scores]
        if max(values) - min(values) > SAME or (len(scores) == 1 and abs(values[0]) > SAME):
            found[name] = max(abs(value) for value in values)
    return found


def part_words(name: str) -> str:
    """A part's name as people read it: `text_match` is `Text match`."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _about(item: Item, currency: str) -> str:
    price = money(item.price, currency) if item.price is not None else None
    sold_out = None if item.available else "not available"
    return " · ".join(part for part in (item.category, price, sold_out) if part)


def _move(rose: int | None) -> MoveView | None:
    if rose is None:
        return MoveView("up", "new")
    if rose > 0:
        return MoveView("up", f"▲ {rose}", f"rose by {rose}")
    return MoveView("down", f"▼ {-rose}", f"fell by {-rose}") if rose < 0 else None


def _part(name: str, value: float, largest: float) -> BarView:
    width = f"{abs(value) / largest * 100:.0f}"
    return BarView(part_words(name), width, _number(value), below=value < 0)


def _number(value: float) -> str:
    digits = f"{abs(value):.2f}"
    return f"{MINUS}{digits}" if value < 0 and digits != "0.00" else digits
