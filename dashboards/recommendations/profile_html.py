"""What is known of a shopper: what they did, what they seem to like, what they said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards.markup import Tone, pill, plain, shortened
from dashboards.wording import counted, full_time, money, percent, tenths
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.results import Profile

MOST_TASTES = 6
MOST_WORDS = 3
WORDS_CHARACTERS = 160

KIND_WORDS: dict[EventKind, tuple[str, Tone]] = {
    "view": ("Saw", "quiet"),
    "click": ("Looked at", "brand"),
    "add_to_cart": ("Put in the cart", "waiting"),
    "purchase": ("Bought", "good"),
    "comment": ("Wrote", "brand"),
    "share": ("Shared", "brand"),
    "rating": ("Rated", "brand"),
    "search": ("Searched", "brand"),
    "forget": ("Forgotten", "quiet"),
}


@dataclass(frozen=True)
class UserAction:
    """Something a shopper did; things that were only seen are taken together."""

    kind: EventKind
    at: datetime
    item_ids: tuple[str, ...] = ()
    text: str = ""
    value: float | None = None


def actions(events: Iterable[BehaviourEvent], most: int) -> list[UserAction]:
    """The last actions, the newest first; views that follow one another are one."""
    found: list[UserAction] = []
    for event in events:
        at = event.at or datetime.min
        item_ids = (event.item_id,) if event.item_id else ()
        if event.kind == "view" and found and found[-1].kind == "view":
            found[-1] = UserAction("view", at, (*found[-1].item_ids, *item_ids))
        else:
            found.append(UserAction(event.kind, at, item_ids, event.text or "", event.value))
    return list(reversed(found))[:most]


def action_list(done: Sequence[UserAction], items: Mapping[str, Item], zone: tzinfo) -> str:
    """What a shopper did, as a list."""
    rows = "".join(_row(action, items, zone) for action in done)
    return f'<ul class="tw-deeds">{rows}</ul>'


def taste_bars(weights: Mapping[str, float], title: str) -> str:
    """The heaviest of some weights as bars of their share in all."""
    total = sum(weight for weight in weights.values() if weight > 0)
    if total <= 0:
        return ""
    heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TASTES]
    most = heaviest[0][1]
    rows = "".join(
        f'<li><span>{plain(name)}</span><span class="tw-bar"><b style="width:'
        f'{max(0.0, weight) / most * 100:.0f}%"></b></span><em>{percent(weight / total)}</em></li>'
        for name, weight in heaviest
        if weight > 0
    )
    return f'<h4>{plain(title)}</h4><ul class="tw-tastes">{rows}</ul>'


def taste_card(profile: Profile, currency: str) -> str:
    """What a shopper seems to like: categories, tags, price, and their own words."""
    parts = [
        taste_bars(profile.categories, "Categories"),
        taste_bars(profile.tags, "Tags"),
        _price(profile, currency),
        _words(profile.words),
    ]
    shown = "".join(part for part in parts if part)
    return f'<div class="tw-card tw-known">{shown or _little(profile)}</div>'


def usual_price(profile: Profile) -> float | None:
    """The price around which they look, which is a mean of logarithms."""
    return math.expm1(profile.log_price) if profile.price_weight > 0 else None


def _price(profile: Profile, currency: str) -> str:
    usual = usual_price(profile)
    if usual is None:
        return ""
    return f"<h4>Price level</h4><p>around {plain(money(round(usual, 0), currency))}</p>"


def _words(words: Sequence[str]) -> str:
    if not words:
        return ""
    quoted = "".join(
        f"<q>{plain(shortened(said, WORDS_CHARACTERS))}</q>"
        for said in reversed(words[-MOST_WORDS:])
    )
    return f'<h4>In their own words</h4><div class="tw-own-words">{quoted}</div>'


def _little(profile: Profile) -> str:
    return f"<p>{counted(profile.events, 'event')}, and nothing to tell from them yet.</p>"


def _row(action: UserAction, items: Mapping[str, Item], zone: tzinfo) -> str:
    words, tone = KIND_WORDS[action.kind]
    return (
        f"<li>{pill(words, tone)}<span>{_what(action, items)}</span>"
        f"<small>{full_time(action.at, zone)}</small></li>"
    )


def _what(action: UserAction, items: Mapping[str, Item]) -> str:
    names = [items[item_id].title if item_id in items else item_id for item_id in action.item_ids]
    if action.kind == "view" and len(names) > 1:
        return f"{counted(len(names), 'item')}: {plain(shortened(', '.join(names), 70))}"
    said = f"<q>{plain(shortened(action.text, WORDS_CHARACTERS))}</q>" if action.text else ""
    rated = (
        f" <strong>★ {tenths(action.value)}</strong>"
        if action.value is not None and action.value >= 0
        else ""
    )
    named = plain(", ".join(names))
    return f"{named}{rated}{' ' if named and said else ''}{said}"
