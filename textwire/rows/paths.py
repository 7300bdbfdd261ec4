"""Categories of a shop's table: several paths in a cell, of which one is where the item stands."""

from __future__ import annotations

import re
from typing import Any

from textwire.rows.literals import as_literal

# WooCommerce and Magento put commas between paths, and a backslash before one in a name.
_BETWEEN = re.compile(r"(?<!\\)[,;|]\s*")
_STEP = " > "
_STEPS = re.compile(r"\s*[>/]\s*")


def paths_in(cell: Any) -> list[str]:
    """The paths that a cell holds, each once; none of what holds no text.

    `Books, Books > Crime` holds two, `[["Books", "Crime"], ["New"]]` too, also as Python prints it;
    the steps of one path are `["Books", "Crime"]`. Objects are categories each.
    """
    held = as_literal(cell) if isinstance(cell, str) else cell
    if isinstance(held, list) and any(isinstance(one, dict) for one in held):
        paths = [name for one in held if (name := name_of(one))]
    elif isinstance(held, list):
        nested = held if any(isinstance(one, list) for one in held) else [held]
        paths = [_STEP.join(map(str, one)) if isinstance(one, list) else str(one) for one in nested]
    elif isinstance(cell, str):
        paths = [path.replace("\\,", ",").strip() for path in _BETWEEN.split(cell)]
    else:
        return []
    return [path for path in dict.fromkeys(paths) if path]


def name_of(thing: Any) -> str:
    """What an object of an API is called, such as a category or a tag; a text is its own name."""
    if isinstance(thing, dict):
        thing = next((thing[key] for key in ("name", "title", "label") if thing.get(key)), "")
    return thing if isinstance(thing, str) else ""


def main_and_others(paths: list[str]) -> tuple[str, list[str]]:
    """The path that says most, the first of those that do, and the others but for its beginnings.

    Of `Books`, `Books > Crime` and `New` it stands at `Books > Crime`, and is `New` besides.
    """
    main = max(paths, key=lambda path: len(_STEPS.split(path)))
    steps = _STEPS.split(main)
    others = [path for path in paths if path != main]
    return main, [path for path in others if steps[: len(s := _STEPS.split(path))] != s]
