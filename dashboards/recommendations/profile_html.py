"""What is known of a shopper: what they did, what they seem to like, what they said."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from dashboards.markup import Pill, Tone, shortened
from dashboards.recommendations.bars import BarView
from dashboards.rendering import render
from dashboards.wording import counted, full_time, money, percent, tenths
from textwire.recommendations.messages import BehaviourEvent, EventKind, Item
from textwire.recommendations.results import Profile

MOST_TASTES = 6
MOST_WORDS = 3
WORDS_CHARACTERS = 160

KIND_WORDS: dict[EventKind, tuple[str, Tone]] = {
    "impression": ("Saw", "quiet"),
    "view": ("Opened", "brand"),
    "click": ("Looked at", "brand"),
    "add_to_cart": ("Put in the cart", "waiting"),
    "remove_from_cart": ("Took out of the cart", "quiet"),
    "purchase": ("Bought", "good"),
    "return": ("Sent back", "quiet"),
    "comment": ("Wrote", "brand"),
    "like": ("Liked", "good"),
    "share": ("Shared", "brand"),
    "rating": ("Rated", "brand"),
    "dislike": ("Turned down", "quiet"),
    "search": ("Searched", "brand"),
    "identify": ("Signed in", "quiet"),
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


@dataclass(frozen=True)
class TasteView:
    """What a shopper seems to like of one kind."""

    title: str
    rows: tuple[BarView, ...]


@dataclass(frozen=True)
class DeedView:
    """An action as the list shows it."""

    kind: Pill
    at: str
    named: str
    stars: str
    quote: str


def actions(events: Iterable[BehaviourEvent], most: int) -> list[UserAction]:
    """The last actions, the newest first; showings that follow one another are one."""
    found: list[UserAction] = []
    for event in events:
        at = event.at or datetime.min
        item_ids = (event.item_id,) if event.item_id else ()
        if event.kind == "impression" and found and found[-1].kind == "impression":
            found[-1] = UserAction("impression", at, (*found[-1].item_ids, *item_ids))
        else:
            found.append(UserAction(event.kind, at, item_ids, event.text or "", event.value))
    return list(reversed(found))[:most]


def action_list(done: Sequence[UserAction], items: Mapping[str, Item], zone: tzinfo) -> str:
    """What a shopper did, as a list."""
    deeds = [_deed(action, items, zone) for action in done]
    return render("recommendations/deeds.html", deeds=deeds)


def taste_bars(weights: Mapping[str, float], title: str) -> TasteView | None:
    """The heaviest of some weights as bars of their share in all; None where none weighs."""
    total = sum(weight for weight in weights.values() if weight > 0)
    if total <= 0:
        return None
    heaviest = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TASTES]
    most = heaviest[0][1]
    rows = tuple(
        BarView(name, f"{weight / most * 100:.0f}", percent(weight / total))
        for name, weight in heaviest
        if weight > 0
    )
    return TasteView(title, rows)


def taste_card(profile: Profile, currency: str) -> str:
    """What a shopper seems to like: categories, tags, price, and their own words."""
    tastes = (taste_bars(profile.categories, "Categories"), taste_bars(profile.tags, "Tags"))
    usual = usual_price(profile)
    return render(
        "recommendations/profile.html",
        tastes=[taste for taste in tastes if taste],
        price=money(round(usual, 0), currency) if usual is not None else "",
        quotes=[
            shortened(said, WORDS_CHARACTERS) for said in reversed(profile.words[-MOST_WORDS:])
        ],
        events=counted(profile.events, "event"),
    )


def unknown_card(text: str) -> str:
    """What stands there while nothing is known."""
    return render("recommendations/unknown.html", text=text)


def usual_price(profile: Profile) -> float | None:
    """The price around which they look, which is a mean of logarithms."""
    return math.expm1(profile.log_price) if profile.price_weight > 0 else None


def _deed(action: UserAction, items: Mapping[str, Item], zone: tzinfo) -> DeedView:
    return DeedView(
        kind=Pill(*KIND_WORDS[action.kind]),
        at=full_time(action.at, zone),
        named=_named(action, items),
        stars=tenths(action.value) if action.value is not None and action.value >= 0 else "",
        quote=shortened(action.text, WORDS_CHARACTERS),
    )


def _named(action: UserAction, items: Mapping[str, Item]) -> str:
    names = [items[item_id].title if item_id in items else item_id for item_id in action.item_ids]
    if action.kind == "impression" and len(names) > 1:
        return f"{counted(len(names), 'item')}: {shortened(', '.join(names), 70)}"
    return ", ".join(names)
