"""Why an item stands in a list, in plain words, from what weighed most."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from textwire.recommendations.asked_words import AskedWords
from textwire.recommendations.features import RankingContext
from textwire.recommendations.folding import folded
from textwire.recommendations.messages import Item

# Below this a ground is not worth a word.
WORTH_TELLING = 0.25
# Cosines do not tell what fits: of "safety gloves" a road safety triangle lies at 0.56 by the base,
# and by an encoder that was tuned on a shop safety glasses lie at 0.85 and leather gloves at 0.72.
# So an item has to name the thing that is asked for, and which kind of it, or say all but the same.
NEAR, NEAREST = 0.35, 0.9
LONGEST_WORDS = 60


class Ground(NamedTuple):
    """Something that speaks for an item: how much, on a scale where 1 is a lot, and its words.

    `first` begins a sentence; `also` follows another ground, and is empty where it would repeat it.
    """

    weight: float
    first: str
    also: str


Parts = Mapping[str, float]


def reason(item: Item, context: RankingContext, parts: dict[str, float]) -> str:
    """One short line, such as "Like the sourdough things you looked at, and new".

    Args: parts: the item's features by name. Texts of users and items are not escaped.
    """
    found = (ground(item, context, parts) for ground in GROUNDS)
    grounds = sorted(
        (g for g in found if g is not None and g.weight >= WORTH_TELLING), key=lambda g: -g.weight
    )
    if not grounds:
        return "Something different" if context.profile_vector is not None else "To begin with"
    second = next((g.also for g in grounds[1:] if g.also), "")
    return f"{grounds[0].first}, {second}" if second else grounds[0].first


def _asked_for(item: Item, context: RankingContext, parts: Parts) -> Ground | None:
    if context.context_vector is None:
        return None
    match = parts.get("context_match", 0.0)
    asked = AskedWords.of(context.asked)
    if _fits(asked, item, match):
        return Ground(2.0 * match, "Fits what you asked for", "")
    # Gloves, but nothing says that they are safety gloves.
    thing = asked.thing_in(item.title) if match >= NEAR else None
    return None if thing is None else Ground(2.0 * match, f"You asked for {thing}", "")


def _together(item: Item, context: RankingContext, parts: Parts) -> Ground | None:
    if not any(item.id in row for row in context.neighbours.values()):
        return None
    # 0.4 where one in a hundred goes on to it, 1 where one in ten does.
    weight = 1.0 + 0.26 * (parts.get("together", -20.0) - math.log(0.1))
    return Ground(weight, "Often taken with what you took", "and often taken with what you took")


def _again(item: Item, context: RankingContext, parts: Parts) -> Ground | None:  # noqa: ARG001
    if parts.get("bought_before", 0.0) <= 0.0:
        return None
    return Ground(2.0, "You bought it before", "")


def _mentioned(item: Item, context: RankingContext, parts: Parts) -> Ground | None:
    words = context.profile.words if context.profile else ()
    names = (item.category, *item.tags)
    for said in reversed(words):
        about = next((name for name in names if name and _is_said(name, said)), None)
        if about:
            weight = 1.2 + parts.get("text_match", 0.0)
            return Ground(weight, f"You wrote of “{_short(said)}”", f"and you wrote of {about}")
    return None


def _shared_tag(item: Item, context: RankingContext, parts: Parts) -> Ground | None:
    weights = context.profile.tags if context.profile else {}
    known = [tag for tag in item.tags if weights.get(tag, 0.0) > 0.0]
    if not known:
        return None
    tag = max(known, key=weights.__getitem__)
    weight = parts.get("tag_affinity", 0.0) + max(0.0, parts.get("text_match", 0.0))
    bought = context.profile is not None and bool(context.profile.bought)
    told = f"Like the {tag} things you {'looked at and bought' if bought else 'looked at'}"
    return Ground(weight, told, f"and about {tag}, as you like it")


def _shared_category(item: Item, context: RankingContext, parts: Parts) -> Ground | None:
    share = parts.get("category_affinity", 0.0)
    if not item.category or share <= 0.0 or context.profile is None:
        return None
    return Ground(1.5 * share, f"More from {item.category}, which you often look at", "")


def _alike(item: Item, context: RankingContext, parts: Parts) -> Ground | None:  # noqa: ARG001
    recent, usual = parts.get("recent_match", 0.0), parts.get("text_match", 0.0)
    if recent > usual:
        return Ground(recent, "Like what you just looked at", "")
    return Ground(usual, "Close to what you usually look at", "")


def _popular(item: Item, context: RankingContext, parts: Parts) -> Ground | None:  # noqa: ARG001
    # A factor of e above the average item is 0.6.
    weight = 0.6 * parts.get("popularity", 0.0)
    return Ground(weight, "Popular this week", "and popular this week")


def _new(item: Item, context: RankingContext, parts: Parts) -> Ground | None:  # noqa: ARG001
    # 0.5 is a week old.
    weight = 0.8 * parts.get("freshness", 0.0) if parts.get("freshness", 0.0) > 0.5 else 0.0
    return Ground(weight, "New", "and new")


def _priced(item: Item, context: RankingContext, parts: Parts) -> Ground | None:  # noqa: ARG001
    weight = 0.4 * parts.get("price_affinity", 0.0)
    return Ground(weight, "At the price you usually look for", "at your usual price")


GROUNDS: tuple[Callable[[Item, RankingContext, Parts], Ground | None], ...] = (
    _asked_for,
    _again,
    _together,
    _mentioned,
    _shared_tag,
    _shared_category,
    _alike,
    _popular,
    _new,
    _priced,
)


def _fits(asked: AskedWords, item: Item, match: float) -> bool:
    return match >= NEAREST or (match >= NEAR and asked.name_the_thing_of(item.text))


def _is_said(name: str, said: str) -> bool:
    return f" {folded(name)} " in f" {_plain(said)} "


def _plain(text: str) -> str:
    letters = (letter if letter.isalnum() or letter == "-" else " " for letter in folded(text))
    return " ".join("".join(letters).split())


def _short(said: str) -> str:
    line = " ".join(said.split())
    if len(line) <= LONGEST_WORDS:
        return line
    return line[:LONGEST_WORDS].rsplit(" ", 1)[0] + " …"
