"""Why an item stands in a list, in plain words, from what weighed most."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from textwire.recommendations.asked.words import AskedWords, said_of
from textwire.recommendations.folding import folded
from textwire.recommendations.lists.shop_names import said_category, said_tag, said_title, shortened
from textwire.recommendations.messages import Item
from textwire.recommendations.profiles.trail import STEPS
from textwire.recommendations.ranking.features import RankingContext

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
    Of grounds that are `about` the same only the first is told.
    """

    weight: float
    first: str
    also: str
    about: str = ""


Parts = Mapping[str, float]
LookUp = Callable[[str], Item | None]
TASTE = "taste"


class Told(NamedTuple):
    """An item, and all that its reason is found in."""

    item: Item
    context: RankingContext
    parts: Parts
    look_up: LookUp

    def verb(self, alike: Callable[[Item], bool]) -> str:
        """Whether the user bought such a thing lately, or looked at it."""
        bought = self.context.profile.bought[-STEPS:] if self.context.profile else ()
        known = (self.look_up(item_id) for item_id in bought)
        return "bought" if any(one is not None and alike(one) for one in known) else "looked at"


def _unknown(_item_id: str) -> None:
    """No item is known by its id."""


def reason(
    item: Item, context: RankingContext, parts: dict[str, float], look_up: LookUp = _unknown
) -> str:
    """One short line, such as "Like what you looked at in Children › Adventure, and new".

    Args: parts: the item's features by name. look_up: an item of the catalogue by its id.

    Texts of users and items are not escaped.
    """
    told = Told(item, context, parts, look_up)
    found = (ground(told) for ground in GROUNDS)
    grounds = sorted(
        (g for g in found if g is not None and g.weight >= WORTH_TELLING), key=lambda g: -g.weight
    )
    if not grounds:
        return _nothing_known(told)
    first = grounds[0]
    second = next(
        (g.also for g in grounds[1:] if g.also and not (g.about and g.about == first.about)), ""
    )
    return f"{first.first}, {second}" if second else first.first


def _nothing_known(told: Told) -> str:
    if told.parts.get("context_match", 0.0) >= NEAR:
        return "Perhaps what you mean"
    return "Something different" if told.context.profile_vector is not None else "To begin with"


def _asked_for(told: Told) -> Ground | None:
    item, context = told.item, told.context
    if context.context_vector is None:
        return None
    match = told.parts.get("context_match", 0.0)
    asked = AskedWords.of(context.asked, context.unwanted)
    if _fits(asked, item, match):
        return Ground(2.0 * match, "Fits what you asked for", "")
    if match < NEAR:
        return None
    # Gloves, but nothing says that they are safety gloves.
    if thing := asked.thing_in(item.title):
        return Ground(2.0 * match, f"You asked for {thing}", "")
    # Of bread baking the bread, and nothing of baking.
    kind = asked.kind_in(item.title)
    said = f"You asked for “{_short(context.asked)}”: this is about “{kind}”"
    if kind:
        return Ground(2.0 * match, said, "")
    word = None if asked.excludes_item(item) else asked.word_of(context.asked, said_of(item))
    return Ground(match, f"Has your word “{word}”", "") if word else None


def _together(told: Told) -> Ground | None:
    other_id = _goes_with(told)
    if other_id is None:
        return None
    # 0.4 where one in a hundred goes on to it, 1 where one in ten does.
    weight = 1.0 + 0.26 * (told.parts.get("together", -20.0) - math.log(0.1))
    other = told.look_up(other_id)
    profile = told.context.profile
    how = "bought" if profile and other_id in profile.bought else "looked at"
    with_it = f"what you {how}" if other is None else f"{said_title(other.title)}, which you {how}"
    # Pairs are counted of what people open as of what they buy.
    return Ground(weight, f"Often goes with {with_it}", f"and often goes with {with_it}")


def _goes_with(told: Told) -> str | None:
    """Which of the user's items speaks most for it, by what others took with that."""
    found: dict[str, float] = {}
    shares = dict(zip(told.context.trail.ids, told.context.trail.shares, strict=True))
    for item_id, row in told.context.neighbours.items():
        if units := row.get(told.item.id):
            found[item_id] = float(shares.get(item_id, 0.0)) * units / (sum(row.values()) or 1)
    return max(found, key=found.__getitem__, default=None)


def _again(told: Told) -> Ground | None:
    if told.parts.get("bought_before", 0.0) <= 0.0:
        return None
    return Ground(2.0, "You bought it before", "")


def _mentioned(told: Told) -> Ground | None:
    words = told.context.profile.words if told.context.profile else ()
    names = (*_steps(told.item.category), *told.item.tags)
    for said in reversed(words):
        about = next((name for name in names if name and _is_said(name, said)), None)
        if about:
            weight = 1.2 + told.parts.get("text_match", 0.0)
            return Ground(weight, f"You wrote of “{_short(said)}”", f"and you wrote of “{about}”")
    return None


def _steps(category: str | None) -> list[str]:
    """The steps of a category that is said, the last first."""
    return (said_category(category) or "").split(" › ")[::-1]


def _shared_tag(told: Told) -> Ground | None:
    weights = told.context.profile.tags if told.context.profile else {}
    category = said_category(told.item.category) or ""
    said = {
        tag: name
        for tag in told.item.tags
        if weights.get(tag, 0.0) > 0.0 and (name := said_tag(tag)) is not None
    }
    if not said:
        return None
    tag = max(said, key=weights.__getitem__)
    weight = told.parts.get("tag_affinity", 0.0) + max(0.0, told.parts.get("text_match", 0.0))
    verb = told.verb(lambda other: tag in other.tags)
    # A shop's tags are often its categories once more.
    where = _place(category) if _is_same(said[tag], category) else f"under {said[tag]}"
    if not said[tag].startswith("“"):
        where = _place(said[tag])
    like = f"like what you {verb} {where}"
    return Ground(weight, f"L{like[1:]}", f"and {like}", TASTE)


def _shared_category(told: Told) -> Ground | None:
    share, category = told.parts.get("category_affinity", 0.0), said_category(told.item.category)
    if category is None or share <= 0.0 or told.context.profile is None:
        return None
    verb = told.verb(lambda other: other.category == told.item.category)
    return Ground(1.5 * share, f"Like what you {verb} {_place(category)}", "", TASTE)


def _place(category: str) -> str:
    return f"in {category}"


def _is_same(tag: str, category: str) -> bool:
    return folded(tag.strip("“”")) == folded(category.rpartition(" › ")[2])


def _alike(told: Told) -> Ground | None:
    recent, usual = told.parts.get("recent_match", 0.0), told.parts.get("text_match", 0.0)
    if not _more_alike_than_most(told):
        return None
    if recent > usual:
        return Ground(recent, "Like what you just looked at", "", TASTE)
    return Ground(usual, "Close to what you looked at before", "", TASTE)


def _more_alike_than_most(told: Told) -> bool:
    """Whether it has more of all likeness to the user's items than an item has on average.

    So have 2 of 3 items of the same category and 1 in 20 of others, in a bookshop and a garden
    centre of 60 items; any two texts of one shop have a cosine that would otherwise be told.
    """
    share = told.parts.get("alike")
    return share is None or math.exp(share) * told.context.catalogue_size >= 1.0


def _popular(told: Told) -> Ground | None:
    # A factor of e above the average item is 0.6.
    weight = 0.6 * told.parts.get("popularity", 0.0)
    return Ground(weight, "Popular this week", "and popular this week")


def _new(told: Told) -> Ground | None:
    freshness = told.parts.get("freshness", 0.0)
    # 0.5 is a week old.
    return Ground(0.8 * freshness if freshness > 0.5 else 0.0, "New", "and new")


def _priced(told: Told) -> Ground | None:
    weight = 0.4 * told.parts.get("price_affinity", 0.0)
    return Ground(weight, "At the price you usually look for", "at your usual price")


GROUNDS: tuple[Callable[[Told], Ground | None], ...] = (
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
    return match >= NEAREST or (match >= NEAR and asked.name_the_thing_of(said_of(item)))


def _is_said(name: str, said: str) -> bool:
    return f" {folded(name)} " in f" {_plain(said)} "


def _plain(text: str) -> str:
    letters = (letter if letter.isalnum() or letter == "-" else " " for letter in folded(text))
    return " ".join("".join(letters).split())


def _short(said: str) -> str:
    return shortened(said, LONGEST_WORDS)
