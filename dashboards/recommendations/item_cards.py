"""Recommended items as cards: what it is, how likely it pleases, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboards.markup import plain
from dashboards.wording import MINUS, fine_percent, money
from textwire.recommendations.messages import Item, ScoredItem

# Below a hundredth two items' parts are the same for a reader.
SAME = 0.01


def offer_card(scored: ScoredItem, item: Item | None, rose: int | None, currency: str) -> str:
    """One item of a list.

    Args: item: as the catalogue has it; None when it is gone from there.
          rose: places it rose since the list before, None when it was not in it.
    """
    title = item.title if item else scored.item_id
    about = _about(item, currency) if item else "no longer in the catalogue"
    chance = fine_percent(scored.score)
    return (
        f'<div class="tw-offer"><div class="tw-offer-head"><span class="tw-rank">{scored.rank}'
        f'{_moved(rose)}</span><span class="tw-chance" title="How likely it is clicked or bought '
        f'next, calibrated"><span class="tw-bar"><b style="width:{scored.score * 100:.0f}%"></b>'
        f"</span>{chance}</span></div><h3>{plain(title)}</h3>"
        f'<p class="tw-about">{about}</p><p class="tw-reason">{plain(scored.reason)}</p>'
        "</div>"
    )


def parts_list(scored: ScoredItem, telling: Mapping[str, float]) -> str:
    """What the ranker saw in an item; nothing where it saw nothing that tells items apart.

    Args: telling: the parts in which the list's items differ, with the largest size of each.
    """
    rows = "".join(
        _part(name, scored.parts[name], largest)
        for name, largest in telling.items()
        if name in scored.parts
    )
    if not rows:
        return ""
    return (
        f'<ul class="tw-tastes">{rows}</ul>'
        '<small class="tw-measure">bars: beside the largest in this list</small>'
    )


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
    return " · ".join(plain(part) for part in (item.category, price, sold_out) if part)


def _moved(rose: int | None) -> str:
    if rose is None:
        return '<i class="tw-up">new</i>'
    if rose > 0:
        return f'<i class="tw-up" title="rose by {rose}">▲ {rose}</i>'
    return f'<i class="tw-down" title="fell by {-rose}">▼ {-rose}</i>' if rose < 0 else ""


def _part(name: str, value: float, largest: float) -> str:
    side = " tw-below" if value < 0 else ""
    return (
        f'<li><span>{plain(part_words(name))}</span><span class="tw-bar{side}">'
        f'<b style="width:{abs(value) / largest * 100:.0f}%"></b></span>'
        f"<em>{_number(value)}</em></li>"
    )


def _number(value: float) -> str:
    digits = f"{abs(value):.2f}"
    return f"{MINUS}{digits}" if value < 0 and digits != "0.00" else digits
