"""Categories of a shop's table: several paths in a cell, of which one is where the item stands."""

from __future__ import annotations

import re

# WooCommerce and Magento put commas between paths, and a backslash before one in a name.
_BETWEEN = re.compile(r"(?<!\\)[,;|]\s*")
_STEPS = re.compile(r"\s*[>/]\s*")


def main_and_others(cell: str) -> tuple[str, list[str]]:
    """The path that says most, the first of those that do, and the others but for its beginnings.

    `Books, Books > Crime, New` stands at `Books > Crime`, and is `New` besides.
    """
    paths = [path.replace("\\,", ",").strip() for path in _BETWEEN.split(cell)]
    paths = [path for path in dict.fromkeys(paths) if path]
    if not paths:
        return "", []
    main = max(paths, key=lambda path: len(_STEPS.split(path)))
    steps = _STEPS.split(main)
    others = [path for path in paths if path != main]
    return main, [path for path in others if steps[: len(s := _STEPS.split(path))] != s]
