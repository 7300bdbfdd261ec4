"""How the names of a row fit the fields of a message, and the row by these fields."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from textwire.rows.kinds import list_fields, plain
from textwire.rows.markup import has_markup, markup_as_text
from textwire.rows.numbers import is_no_value
from textwire.rows.paths import main_and_others, paths_in
from textwire.rows.tidying import as_identifier, several
from textwire.wire.guests import guest_id
from textwire.wire.message import Message

IsColumnOf = Callable[[str], bool]

# `Answer (public)`, `Price [EUR]`: what stands in brackets says more of it, and not another thing.
_REMARK = re.compile(r"(?<=\S)\s*(?:\([^()]*\)|\[[^\[\]]*\]|（[^（）]*）)\s*$")


class Match(NamedTuple):
    """How a row's names fit a message.

    columns    the columns of each field that has any; more than one where it holds several values.
    ambiguous  fields that several columns may hold.
    absent     columns that were named with --map, and are not there.
    lists      fields that hold several values.
    constants  what fields hold in every row.
    spare      columns that hold a field where those before them are empty.
    paths      fields that are read from a column of several paths, and the field of the others.
    guests     columns that tell guests apart, of fields that name a user.
    further    columns of no field, kept under their own names in the field `room`; and that field.
    beside     columns of no field that say more of a row, by what they say.
    """

    columns: dict[str, tuple[str, ...]]
    ambiguous: dict[str, tuple[str, ...]]
    absent: tuple[str, ...]
    lists: frozenset[str]
    constants: Mapping[str, str] = {}
    further: tuple[str, ...] = ()
    room: str | None = None
    spare: Mapping[str, tuple[str, ...]] = {}
    paths: Mapping[str, str] = {}
    guests: Mapping[str, frozenset[str]] = {}
    beside: Mapping[str, str] = {}

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by fields, without the columns that hold none.

        A column named like its field is taken as it stands. Under another name it was written for
        another program: there markup is read as text, and a list of texts as paragraphs.
        """
        picked: dict[str, Any] = dict(self.constants)
        picked |= {what: row[column] for what, column in self.beside.items() if column in row}
        for name, columns in self.columns.items():
            values = [row[column] for column in columns if column in row]
            if name not in self.lists:
                told = self._told_in(name, row)
                if told is None or (told != name and isinstance(row[told], dict)):
                    continue  # an object under another name is no value of one field
                is_path = name in self.paths and isinstance(row[told], list)
                value = row[told] if told == name or is_path else _as_text(row[told])
                is_guest = told in self.guests.get(name, ()) and not _is_empty(value)
                picked[name] = guest_id(told, str(as_identifier(value))) if is_guest else value
            elif values:
                picked[name] = values[0] if len(values) == 1 else _joined(values)
        for name, others in self.paths.items():
            if paths := paths_in(picked.get(name)):
                picked[name], more = main_and_others(paths)
                if more:
                    picked[others] = [*_parted(others, picked.get(others)), *more]
        further = {column: row[column] for column in self.further if column in row}
        if further and self.room is not None:
            given = picked.get(self.room)
            picked[self.room] = {**further, **(given if isinstance(given, dict) else {})}
        return picked

    def _told_in(self, name: str, row: Mapping[str, Any]) -> str | None:
        """The column that says it in a row: the first that is not empty, or the first."""
        held = [c for c in (*self.columns[name], *self.spare.get(name, ())) if c in row]
        full = [c for c in held if not _is_empty(row[c])]
        if name in self.guests and len(full) > 1 and _is_nobody(row[full[0]]):
            return full[1]
        return next(iter(full or held), None)


def match_names(
    kind: type[Message],
    names: Sequence[str],
    by_field: Mapping[str, str],
    constants: Mapping[str, str],
    required: Collection[str],
) -> Match:
    """Which of a row's names hold which fields of a message.

    Args: by_field: columns that a person named for fields. constants: fields that need no column.
          required: fields that a row must have.
    """
    matching = _Matching(kind, names, by_field, constants, required)
    absent = matching.take_named()
    spare = matching.take_by_their_names()
    taken = matching.taken
    held = matching.held()
    room = kind.further_field
    left = [name for name in dict.fromkeys(names) if room and name.strip() and name not in held]
    return Match(
        taken,
        matching.ambiguous,
        absent,
        list_fields(kind),
        constants,
        tuple(left),
        room,
        spare,
        {
            name: others
            for name, (columns, others) in kind.paths_in.items()
            if any(map(is_one_of(columns), taken.get(name, ())))
        },
        {
            name: frozenset(spare.get(name, ())) | among(taken[name], telling.baskets)
            for name, telling in kind.guests_in.items()
            if name in taken
        },
        kind.columns_beside([name for name in names if name not in held]),
    )


class _Matching:
    """Columns that were taken for fields so far, the surest first."""

    def __init__(
        self,
        kind: type[Message],
        names: Sequence[str],
        by_field: Mapping[str, str],
        constants: Mapping[str, str],
        required: Collection[str],
    ) -> None:
        self._kind, self._names = kind, names
        self._by_field, self._constants, self._required = by_field, constants, required
        self.taken: dict[str, tuple[str, ...]] = {}
        self.ambiguous: dict[str, tuple[str, ...]] = {}

    def held(self) -> set[str]:
        """The columns that hold a field."""
        return {column for columns in self.taken.values() for column in columns}

    def take_named(self) -> tuple[str, ...]:
        """The columns that a person named; those that are absent."""
        absent = []
        for name, wanted in self._by_field.items():
            found = [c for c in self._names if c == wanted]
            found = found or list(filter(is_one_of((wanted,)), self._names))
            if not found:
                absent.append(wanted)
            self._settle(name, found)
        return tuple(absent)

    def take_by_their_names(self) -> dict[str, tuple[str, ...]]:
        """The columns whose names say a field; those that hold one where others are empty."""
        sure, unsure = _name_tests(self._kind), _unsure_name_tests(self._kind)
        later = [one for tests in sure for one in self._take(tests, is_unsure=False)]
        later += [one for tests in unsure for one in self._take(tests, is_unsure=True)]
        held = self.held()
        spare: dict[str, tuple[str, ...]] = {}
        for name, column in later:
            if column not in held and column not in spare.get(name, ()):
                spare[name] = (*spare.get(name, ()), column)
        return spare

    def _take(self, tests: Mapping[str, IsColumnOf], *, is_unsure: bool) -> list[tuple[str, str]]:
        """Take what is free by tests of one surety; columns of fields that have theirs."""
        held, lists = self.held(), list_fields(self._kind)
        free = [
            column for column in self._names if column not in held and not _is_about_form(column)
        ]
        later: list[tuple[str, str]] = []
        for name, test in tests.items():
            if name in self._by_field or name in self._constants or name in self.ambiguous:
                continue
            found = [column for column in free if test(column)]
            if is_unsure and len(found) > 1 and name not in self._required:
                continue  # `Price (old)`, `Price (new)`: nothing has to be one of them
            if name in lists:
                merged = dict.fromkeys((*self.taken.get(name, ()), *found))
                if merged:
                    self.taken[name] = tuple(merged)
            elif name not in self.taken:
                self._settle(name, found)
            elif name in self._kind.spare_fields:
                later += [(name, column) for column in found]
        return later

    def _settle(self, name: str, found: list[str]) -> None:
        if len(found) == 1:
            self.taken[name] = (found[0],)
        elif found:
            self.ambiguous[name] = tuple(found)


@cache
def _name_tests(kind: type[Message]) -> list[dict[str, IsColumnOf]]:
    """For each field whether a column holds it by its name; the surest tests first."""
    fields = [info.encode_name for info in msgspec.structs.fields(kind)]
    tiers: list[dict[str, IsColumnOf]] = [
        {name: name.__eq__ for name in fields},
        {name: is_one_of((name,)) for name in fields},
    ]
    groups = kind.column_names
    for depth in range(max(map(len, groups.values()), default=0)):
        at_depth = {name: tiers_[depth] for name, tiers_ in groups.items() if depth < len(tiers_)}
        tiers.append({name: is_one_of(names) for name, names in at_depth.items()})
    return tiers


@cache
def _unsure_name_tests(kind: type[Message]) -> list[dict[str, IsColumnOf]]:
    """The same for names without what stands in brackets behind them."""
    return [{name: _without_remark(test) for name, test in t.items()} for t in _name_tests(kind)]


def is_one_of(names: Iterable[str]) -> IsColumnOf:
    """Whether a column has one of the names, whatever their case, blanks and marks."""
    wanted = {plain(name) for name in names} - {""}
    return lambda column: plain(column) in wanted


def among(columns: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    """Those of the columns that have one of the names."""
    return frozenset(filter(is_one_of(names), columns))


def _is_about_form(column: str) -> bool:
    """Whether it is one of JSON-LD's own names, as `@type`, which say how the rest is written."""
    return column.startswith("@") and column != "@id"


def _is_nobody(value: Any) -> bool:
    """Whether it is the id that WordPress gives to all who are not signed in."""
    return str(value).strip() in ("0", "0.0")


def _without_remark(test: IsColumnOf) -> IsColumnOf:
    def holds(column: str) -> bool:
        bare = _REMARK.sub("", column)
        return bare != column and test(bare)

    return holds


def _is_empty(value: Any) -> bool:
    """Whether it says nothing that a field of one value can hold."""
    if isinstance(value, str):
        return is_no_value(value)
    if isinstance(value, list | dict):
        return isinstance(value, dict) or not any(value)
    return value is None or (isinstance(value, float) and math.isnan(value))


def _as_text(value: Any) -> Any:
    if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        return "\n\n".join(_as_text(one) for one in value)
    if isinstance(value, str) and has_markup(value):
        return markup_as_text(value)
    return value


def _joined(values: list[Any]) -> Any:
    """Several cells of one field; texts stand apart as in one cell."""
    if all(isinstance(value, str) for value in values):
        return ";".join(values)
    return [one for value in values for one in (value if isinstance(value, list) else [value])]


def _parted(name: str, cell: Any) -> list[Any]:
    held = several(name, cell)
    return held if isinstance(held, list) else [] if held is None else [held]
