"""Columns of a file as fields of a message: as a person says, checked, and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from textwire.errors import DataFileError
from textwire.rows.kinds import choices_of, plain
from textwire.rows.matching import Match, among, is_one_of, match_names
from textwire.wire.message import Message

# A longer one is no name: the row is none of columns' names, and only its beginning helps.
LONGEST_TOLD_NAME = 40
MOST_TOLD_NAMES = 30


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
            found = match_names(self.kind, key, self.by_field, self.constants, self.required)
            constants = {**self._implied(found), **self.constants}
            self._matches[key] = found = found._replace(constants=constants)
            for name in found.guests:
                telling = self.kind.guests_in[name]
                if not among(found.columns[name], (*telling.visitors, *telling.baskets)):
                    self._with_users.add(name)
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

    def lacking(self, fields: Mapping[str, Any]) -> list[str]:
        """Required fields that a row leaves empty, and that nothing stands in for."""
        empty = [name for name in self.required if name not in fields]
        return [name for name in empty if name not in self.kind.stand_ins(fields)]

    def hint(self, row: Mapping[str, Any]) -> str:
        """What to try when a row lacks what it must have; empty when it has it."""
        match = self.match(list(row))
        for name, columns in match.ambiguous.items():
            return (
                f"{listed(columns)} may each hold `{name}`; say which one does: `--map {name}=NAME`"
            )
        missing = self._missing(match)
        if missing:
            stood_in = self.kind.stand_ins(match.pick(row))
            missing = [name for name in missing if name not in stood_in]
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
            n: match.guests[n] | frozenset(filter(is_one_of(self.kind.guests_in[n].visitors), c))
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
        guessed += [
            f"`{column}` says {self.kind.said_beside[what]}"
            for what, column in match.beside.items()
        ]
        used = {column for columns in match.columns.values() for column in columns}
        kept = f"{listed(match.further)} kept as further fields" if match.further else ""
        used |= {*match.further, *(c for columns in match.spare.values() for c in columns)}
        used |= {*match.beside.values()}
        unused = [name for name in dict.fromkeys(names) if name.strip() and name not in used]
        dropped = f"{listed(unused)} not used" if unused else ""
        return ", ".join(part for part in (*guessed, kept, dropped) if part)

    def _implied(self, match: Match) -> dict[str, str]:
        """What fields are that no column says, by what other columns there are."""
        said = (*match.columns, *match.ambiguous, *self.by_field, *self.made_up)
        return {
            name: value
            for name, (by, value) in self.kind.implied.items()
            if by in match.columns and name not in said
        }


def listed(names: Iterable[str]) -> str:
    """Names as a sentence has them."""
    shown = [_shortened(name) for name in names if name.strip()]
    more = len(shown) - MOST_TOLD_NAMES
    told = ", ".join(f"`{name}`" for name in shown[:MOST_TOLD_NAMES])
    return f"{told} and {more:,} more" if more > 0 else told


def _ambiguous(what: str, name: str, columns: Sequence[str], names: Sequence[str]) -> str:
    if len(set(columns)) == 1:
        return f"{what} has more than one column `{columns[0]}`. Name each column once."
    return (
        f"{what}: {listed(columns)} may each hold `{name}`. Say which one does: "
        f"`--map {name}={columns[0]}`. Its columns are {listed(names)}."
    )


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
