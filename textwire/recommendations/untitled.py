"""What an item without a title is called: by its description, its maker, or its id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Of further fields, whom or what a thing is of; folded.
MAKERS = (
    *("brand", "manufacturer", "maker", "vendor", "hersteller", "marke", "author", "artist"),
    *("marque", "marca", "品牌", "作者"),
)
LONGEST_TITLE = 100
_SENTENCE = re.compile(r".*?[.!?。！？](?=\s|$)|.+", re.DOTALL)
# "iron-bread-pan", "IronBreadPan": two words at least, so that "SKU-4711-XL" names nothing.
_WORD = re.compile(r"[^\W\d_]{3,}")
_HUMP = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
LEAST_WORDS = 2


def title_from(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """A title, and what it is taken from; None where the other fields say nothing of the item.

    Args: fields: of an item, its further ones in `more`.
    """
    description = _line(fields.get("description"))
    if description:
        sentence = _SENTENCE.match(description)
        return _shortened(sentence[0] if sentence else description), "description"
    maker, category = _maker(fields.get("more")), _line(fields.get("category"))
    if maker or category:
        named = ", ".join(part for part in (maker, category) if part)
        return _shortened(named), "maker and category"
    named = _words_of_id(fields.get("id"))
    return (named, "id") if named else None


def _maker(more: Any) -> str:
    said = {str(name).casefold(): value for name, value in more.items()} if more else {}
    return next((line for name in MAKERS if (line := _line(said.get(name)))), "")


def _words_of_id(own_id: Any) -> str:
    parted = _HUMP.sub(" ", own_id) if isinstance(own_id, str) else ""
    if len(_WORD.findall(parted)) < LEAST_WORDS:
        return ""
    return " ".join(re.split(r"[\W_]+", parted)).strip()


def _line(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _shortened(text: str) -> str:
    if len(text) <= LONGEST_TITLE:
        return text
    return text[:LONGEST_TITLE].rpartition(" ")[0] or text[:LONGEST_TITLE]
