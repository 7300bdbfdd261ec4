"""Categories, tags and titles as a shop says them to people: `Children > Adventure`, not a path."""

from __future__ import annotations

import re
from html import unescape

LONGEST_NAME = 48
# What stands above all categories says nothing of an item.
_ROOTS = """
default, default category, root catalog, root, home, all, all categories, all products, shop,
products, catalog, catalogue, startseite, alle, alle produkte, produkte, accueil, tous les produits,
inicio, todos
"""
# Where a shop puts what it has no category for.
_NONE = """
uncategorized, uncategorised, unsorted, none, null, nan, n/a, na, other, others, misc,
miscellaneous, various, general, unkategorisiert, nicht kategorisiert, allgemein, sonstiges,
verschiedenes, non classé, autre, autres, divers, sin categoría, sin categorizar, otros, varios,
altro, senza categoria, overig, inne, без категории, 其他, 未分类
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in text.split(","))


ROOTS, NO_CATEGORY = _names(_ROOTS), _names(_NONE)
# `Sci-Fi/Fantasy` is one name, `Gear / Bags` a path, and `Default/Gear` one of Magento.
_STEPS = re.compile(r"\s*(?:>+|»|›|→|::|\|)\s*|\s+/\s+")
_MAGENTO = re.compile(r"(?i)^default(?: category)?/")
# Behind these a title says more of what it has named.
_BREAKS = re.compile(r"\s*(?:[,;:|(\[]|\s[-–—]\s)")


def said_category(path: str | None) -> str | None:
    """The last two steps of a category that say something; None where none does.

    `Books &gt; Children &gt; Adventure` is "Children › Adventure".
    """
    if not path:
        return None
    whole = unescape(unescape(path)).strip()
    if _MAGENTO.match(whole):
        whole = whole.replace("/", " > ")
    named = [name for step in _STEPS.split(whole) if (name := _plain_name(step))]
    steps = [name for name in dict.fromkeys(named) if name.casefold() not in NO_CATEGORY]
    while len(steps) > 1 and steps[0].casefold() in ROOTS:
        del steps[0]
    if not steps or (len(steps) == 1 and steps[0].casefold() in ROOTS - {"home"}):
        return None
    return shortened(" › ".join(steps[-2:])) if _fit(steps[-2:]) else shortened(steps[-1])


def said_tag(tag: str) -> str | None:
    """A tag in quotes, since it may be any word; a path of categories as such.

    None where it says nothing.
    """
    whole = unescape(unescape(tag)).strip().lstrip("#")
    if _STEPS.search(whole):
        return said_category(whole)
    name = _plain_name(whole)
    return None if name is None or name.casefold() in NO_CATEGORY else f"“{shortened(name)}”"


def said_title(title: str) -> str:
    """A title in quotes, of a long one its beginning."""
    line = " ".join(title.split())
    if len(line) > LONGEST_NAME:
        end = _BREAKS.search(line, 12)
        line = line[: end.start()] if end else line
    return f"“{shortened(line)}”"


def shortened(text: str, most: int = LONGEST_NAME) -> str:
    """A text in one line, cut between words where it is long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:&-–—") + " …"


def _plain_name(text: str) -> str | None:
    """A name of a category or tag; None where it is a number or a mark, such as an id."""
    name = " ".join(text.replace("_", " ").split())
    return name if any(letter.isalpha() for letter in name) else None


def _fit(steps: list[str]) -> bool:
    return len(" › ".join(steps)) <= LONGEST_NAME
