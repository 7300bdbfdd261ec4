"""Which column of a file holds which field of a message."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from textwire.errors import DataFileError
from textwire.rows.kinds import choices_of, list_fields, plain
from textwire.rows.markup import has_markup, markup_as_text
from textwire.rows.numbers import is_no_value
from textwire.rows.paths import main_and_others, paths_in
from textwire.rows.tidying import as_identifier, several
from textwire.wire.guests import guest_id
from textwire.wire.message import Message

# A longer one is no name: the row is none of columns' names, and only its beginning helps.
LONGEST_TOLD_NAME = 40
MOST_TOLD_NAMES = 30
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

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by fields, without the columns that hold none.

        A column named like its field is taken as it stands. Under another name it was written for
        another program: there markup is read as text, and a list of texts as paragraphs.
        """
        picked: dict[str, Any] = dict(self.constants)
        for name, columns in self.columns.items():
            values = [row[column] for column in columns if column in row]
            if name not in self.lists:
                told = self._told_in(name, row)
                if told is None or (told != name and isinstance(row[told], dict)):
                    continue  # an object under another name is no value of one field
                value = row[told] if told == name else _as_text(row[told])
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


@dataclass(frozen=True)
class Columns:
    """Columns by the name of the field they hold; a column named like a field needs no entry.

    made_up    required fields that a row may lack, since its reader makes them up.
    constants  what fields hold in every row, whatever its columns say.
    """

    kind: type[Message]
    by_field: Mapping[str, str] = field(default_factory=dict)
    made_up: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(
        cls, kind: type[Message], options: Iterable[str], made_up: tuple[str, ...] = ()
    ) -> Columns:
        """Columns from `field=column` options; `field=:value` is the same in every row.

        Raises: DataFileError: an option has another form, or names no field.
        """
        known = {plain(info.name): info.name for info in msgspec.structs.fields(kind)}
        pairs: dict[str, str] = {}
        constants: dict[str, str] = {}
        for option in options:
            name, column = _parse_pair(option)
            if plain(name) not in known:
                raise DataFileError(
                    f"--map names `{name}`, which is no field. "
                    f"Fields are {listed(list(known.values()))}."
                )
            if column.startswith(":"):
                constants[known[plain(name)]] = column[1:]
            else:
                pairs[known[plain(name)]] = column
        return cls(kind, pairs, made_up, constants)

    @cached_property
    def fields(self) -> list[str]:
        """The message's fields."""
        return [info.encode_name for info in msgspec.structs.fields(self.kind)]

    @cached_property
    def required(self) -> list[str]:
        """The fields that a row must have."""
        infos = msgspec.structs.fields(self.kind)
        names = [info.encode_name for info in infos if info.required]
        return [name for name in names if name not in (*self.made_up, *self.constants)]

    @cached_property
    def _tests(self) -> list[dict[str, Callable[[str], bool]]]:
        """For each field whether a column holds it by its name; the surest tests first."""
        tiers: list[dict[str, Callable[[str], bool]]] = [
            {name: name.__eq__ for name in self.fields},
            {name: _is_one_of((name,)) for name in self.fields},
        ]
        groups = self.kind.column_names
        for depth in range(max(map(len, groups.values()), default=0)):
            at_depth = {
                name: tiers_[depth] for name, tiers_ in groups.items() if depth < len(tiers_)
            }
            tiers.append({name: _is_one_of(names) for name, names in at_depth.items()})
        return tiers

    @cached_property
    def _unsure_tests(self) -> list[dict[str, Callable[[str], bool]]]:
        """The same for names without what stands in brackets behind them."""
        return [{name: _without_remark(test) for name, test in t.items()} for t in self._tests]

    @cached_property
    def _with_users(self) -> set[str]:
        """Fields that some row so far said in a column of users: who has none there is a guest."""
        return set()

    @cached_property
    def _matches(self) -> dict[tuple[str, ...], Match]:
        """Rows of JSON each have their own names, mostly the same."""
        return {}

    def match(self, names: Sequence[str]) -> Match:
        """Which of the names hold which fields: as --map says, by the field's name, by another."""
        key = tuple(names)
        if key not in self._matches:
            if len(self._matches) > 1_000:
                self._matches.clear()
            self._matches[key] = self._match(key)
        return self._matches[key]

    def look_for_users(self, names: Sequence[str]) -> None:
        """Remember whether a row of JSON names users, be it with nothing.

        Who has no user's id is then a guest, also in rows that leave its name out.
        """
        if self.kind.guests_in:
            self.match(names)

    def check(self, what: str, names: Sequence[str]) -> Match:
        """Make sure that a table's columns can fill a message.

        Args:   what: the table, for the message.
        Raises: DataFileError: naming the columns there are, and how to say what they hold.
        """
        match = self.match(names)
        if match.absent:
            raise DataFileError(
                f"{what} has no column `{match.absent[0]}`. Its columns are {listed(names)}."
            )
        for name, columns in match.ambiguous.items():
            raise DataFileError(_ambiguous(what, name, columns, names))
        missing = self._missing(match)
        if missing:
            choices = choices_of(self.kind).get(missing[0])
            raise DataFileError(
                f"{what} has no column `{missing[0]}`. Its columns are {listed(names)}. "
                f"Say which one holds it: `--map {missing[0]}=COLUMN`; or what it is in every row: "
                f"`--map {missing[0]}=:VALUE`"
                + (f", where VALUE is one of {', '.join(choices)}." if choices else ".")
            )
        return match

    def fits(self, names: Sequence[str]) -> bool:
        """Whether these can be a table's columns."""
        match = self.match(names)
        return not self._missing(match) and not match.absent and not match.ambiguous

    def _missing(self, match: Match) -> list[str]:
        return [n for n in self.required if n not in match.columns and n not in match.constants]

    def hint(self, row: Mapping[str, Any]) -> str:
        """What to try when a row lacks what it must have; empty when it has it."""
        match = self.match(list(row))
        for name, columns in match.ambiguous.items():
            return (
                f"{listed(columns)} may each hold `{name}`; say which one does: `--map {name}=NAME`"
            )
        missing = self._missing(match)
        if not missing:
            return ""
        return (
            f"there is no `{missing[0]}` among {listed(list(row)) or 'its fields'}; "
            f"say which one holds it: `--map {missing[0]}=NAME`"
        )

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by fields, by its own names."""
        match = self.match(list(row))
        apart = {n: frozenset(match.columns[n]) for n in self._with_users & match.columns.keys()}
        if all(columns <= match.guests[n] for n, columns in apart.items()):
            return match.pick(row)
        visitors = {
            n: match.guests[n] | frozenset(filter(_is_one_of(self.kind.guests_in[n].visitors), c))
            for n, c in apart.items()
        }
        return match._replace(guests={**match.guests, **visitors}).pick(row)

    def told(self, names: Sequence[str], match: Match) -> str:
        """What was taken for what, as a sentence; empty where names alone said so."""
        guessed = [
            f"`{name}` is read from {listed(columns)}"
            for name, columns in match.columns.items()
            if name not in self.by_field and columns != (name,)
        ]
        guessed += [
            f"`{name}` from {listed(columns)} where that is empty"
            for name, columns in match.spare.items()
        ]
        guessed += [
            f"`{name}` is `{value}` in every row, since no column says it and there is "
            f"{listed(match.columns[self.kind.implied[name][0]])} (`--map {name}=:VALUE` if not)"
            for name, value in match.constants.items()
            if name not in self.constants
        ]
        used = {column for columns in match.columns.values() for column in columns}
        kept = f"{listed(match.further)} kept as further fields" if match.further else ""
        used |= {*match.further, *(c for columns in match.spare.values() for c in columns)}
        unused = [name for name in dict.fromkeys(names) if name.strip() and name not in used]
        dropped = f"{listed(unused)} not used" if unused else ""
        return ", ".join(part for part in (*guessed, kept, dropped) if part)

    def _implied(
        self, taken: Mapping[str, Sequence[str]], ambiguous: Mapping[str, Sequence[str]]
    ) -> dict[str, str]:
        """What fields are that no column says, by what other columns there are."""
        return {
            name: value
            for name, (by, value) in self.kind.implied.items()
            if by in taken
            and not (name in taken or name in ambiguous or name in (*self.by_field, *self.made_up))
        }

    def _match(self, names: tuple[str, ...]) -> Match:
        taken: dict[str, tuple[str, ...]] = {}
        ambiguous: dict[str, tuple[str, ...]] = {}
        absent = []
        for name, wanted in self.by_field.items():
            found = [c for c in names if c == wanted] or list(filter(_is_one_of((wanted,)), names))
            if not found:
                absent.append(wanted)
            _settle(name, found, taken, ambiguous)
        several = list_fields(self.kind)
        later: list[tuple[str, str]] = []
        for depth, tests in enumerate((*self._tests, *self._unsure_tests)):
            held = {column for columns in taken.values() for column in columns}
            free = [column for column in names if column not in held]
            for name, test in tests.items():
                if name in self.by_field or name in self.constants or name in ambiguous:
                    continue
                found = [column for column in free if test(column)]
                is_unsure = depth >= len(self._tests)
                if is_unsure and len(found) > 1 and name not in self.required:
                    continue  # `Price (old)`, `Price (new)`: nothing has to be one of them
                if name in several:
                    merged = dict.fromkeys((*taken.get(name, ()), *found))
                    if merged:
                        taken[name] = tuple(merged)
                elif name not in taken:
                    _settle(name, found, taken, ambiguous)
                elif name in self.kind.spare_fields:
                    later += [(name, column) for column in found]
        room = self.kind.further_field
        held = {column for columns in taken.values() for column in columns}
        spare: dict[str, tuple[str, ...]] = {}
        for name, column in later:
            if column not in held and column not in spare.get(name, ()):
                spare[name] = (*spare.get(name, ()), column)
        guests = {
            name: frozenset(spare.get(name, ())) | _among(taken[name], telling.baskets)
            for name, telling in self.kind.guests_in.items()
            if name in taken
        }
        for name in guests:
            telling = self.kind.guests_in[name]
            if not _among(taken[name], (*telling.visitors, *telling.baskets)):
                self._with_users.add(name)
        left = [name for name in dict.fromkeys(names) if room and name.strip() and name not in held]
        return Match(
            taken,
            ambiguous,
            tuple(absent),
            several,
            {**self._implied(taken, ambiguous), **self.constants},
            tuple(left if room else ()),
            room,
            spare,
            {
                name: others
                for name, (columns, others) in self.kind.paths_in.items()
                if any(map(_is_one_of(columns), taken.get(name, ())))
            },
            guests,
        )


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them."""
    shown = [_shortened(name) for name in names if name.strip()]
    more = len(shown) - MOST_TOLD_NAMES
    told = ", ".join(f"`{name}`" for name in shown[:MOST_TOLD_NAMES])
    return f"{told} and {more:,} more" if more > 0 else told


def _settle(
    name: str,
    found: list[str],
    taken: dict[str, tuple[str, ...]],
    ambiguous: dict[str, tuple[str, ...]],
) -> None:
    if len(found) == 1:
        taken[name] = (found[0],)
    elif found:
        ambiguous[name] = tuple(found)


def _ambiguous(what: str, name: str, columns: Sequence[str], names: Sequence[str]) -> str:
    if len(set(columns)) == 1:
        return f"{what} has more than one column `{columns[0]}`. Name each column once."
    return (
        f"{what}: {listed(columns)} may each hold `{name}`. Say which one does: "
        f"`--map {name}={columns[0]}`. Its columns are {listed(names)}."
    )


def _is_one_of(names: Iterable[str]) -> Callable[[str], bool]:
    wanted = {plain(name) for name in names} - {""}
    return lambda column: plain(column) in wanted


def _among(columns: Iterable[str], names: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(_is_one_of(names), columns))


def _is_nobody(value: Any) -> bool:
    """Whether it is the id that WordPress gives to all who are not signed in."""
    return str(value).strip() in ("0", "0.0")


def _without_remark(test: Callable[[str], bool]) -> Callable[[str], bool]:
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


def _shortened(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= LONGEST_TOLD_NAME else f"{line[:LONGEST_TOLD_NAME]}…"


def _parse_pair(option: str) -> tuple[str, str]:
    name, equals, column = option.partition("=")
    if not (name.strip() and equals and column.strip()):
        raise DataFileError(
            f"--map {option}: say which column holds which field, such as `--map text=Answer`."
        )
    return name.strip(), column.strip()
