"""Rows that hold several things each, such as all that a user bought, with the day of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from textwire.errors import RecordRejected
from textwire.rows.columns import Columns
from textwire.rows.kinds import plain
from textwire.rows.literals import as_literal
from textwire.wire.message import Message

# Between ids in a cell, which hold none of these.
_BETWEEN = re.compile(r"[\s,;|]+")


class Several(NamedTuple):
    """The columns that hold several values of a row, each with the field that one of them is of.

    leading  the column that says how many there are; the others hold as many.
    """

    leading: str
    fields: Mapping[str, str]

    def renamed(self, names: Sequence[str]) -> list[str]:
        """The names that each of the rows has, which they are made into."""
        return [self.fields.get(name, name) for name in names]

    @property
    def told(self) -> str:
        """What is read how, as a sentence."""
        return f"each row is read as several, one for each that `{self.leading}` holds"

    def parted(self, row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """A row for each of the things, in their order, by the names that they then have.

        Raises: RecordRejected: another column holds more or fewer values than there are things.
        """
        around = {name: value for name, value in row.items() if name not in self.fields}
        lists = {name: _values(row[name]) for name in self.fields if name in row}
        count = len(lists.get(self.leading, ()))
        for name, values in lists.items():
            if len(values) != count:
                raise RecordRejected(
                    f"`{self.leading}` holds {count:,} and `{name}` {len(values):,}: each needs "
                    "one of its own"
                )
        for place in range(count):
            one = {self.fields[name]: values[place] for name, values in lists.items()}
            own_id = {"id": f"{around['id']}/{place + 1}"} if "id" in around and count > 1 else {}
            yield around | own_id | one


def several_in(columns: Columns, names: Sequence[str], lists: Sequence[str] = ()) -> Several | None:
    """How a row with these columns holds several; None where it is one by itself.

    Args: lists: columns that are known to hold the leading field's values, whatever their names.
    """
    if not columns.kind.several_in:
        return None
    leading, *beside = columns.kind.several_in
    called = _called(columns.kind, tuple(names))
    first = called.get(leading) or next(iter(lists), None)
    if first is None:
        return None
    matched = columns.match(names).columns
    if leading in matched:
        return None
    others = {called[field]: field for field in beside if field in called and field not in matched}
    return Several(first, {first: leading, **others})


def read_as(columns: Columns, names: Sequence[str]) -> list[str]:
    """The names that the rows have which these columns make."""
    several = several_in(columns, names)
    return list(names) if several is None else several.renamed(names)


@lru_cache(maxsize=1_000)
def _called(kind: type[Message], names: tuple[str, ...]) -> dict[str, str]:
    """By field, the first of the names that says that it holds several of it."""
    by_name = {plain(name): field for field, called in kind.several_in.items() for name in called}
    found: dict[str, str] = {}
    for name in names:
        if field := by_name.get(plain(name)):
            found.setdefault(field, name)
    return found


def _values(cell: Any) -> list[Any]:
    held = as_literal(cell) if isinstance(cell, str) else cell
    if isinstance(held, list):
        return held
    if isinstance(cell, str):
        return [part for part in _BETWEEN.split(cell.strip("[](){}")) if part]
    return [cell]
