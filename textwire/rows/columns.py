"""Which column of a file holds which field of a message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from textwire.errors import DataFileError
from textwire.wire.message import Message


@dataclass(frozen=True)
class Columns:
    """Columns by the name of the field they hold; a column named like a field needs no entry.

    made_up  required fields that a row may lack, since its reader makes them up.
    """

    kind: type[Message]
    by_field: Mapping[str, str] = field(default_factory=dict)
    made_up: tuple[str, ...] = ()

    @classmethod
    def parse(
        cls, kind: type[Message], options: Iterable[str], made_up: tuple[str, ...] = ()
    ) -> Columns:
        """Columns from `field=column` options.

        Raises: DataFileError: an option has another form, or names no field.
        """
        pairs = [_parse_pair(option) for option in options]
        columns = cls(kind, dict(pairs), made_up)
        unknown = [name for name, _ in pairs if name not in columns.fields]
        if unknown:
            raise DataFileError(
                f"--map names `{unknown[0]}`, which is no field. "
                f"Fields are {listed(columns.fields)}."
            )
        return columns

    @cached_property
    def fields(self) -> list[str]:
        """The message's fields."""
        return [info.encode_name for info in msgspec.structs.fields(self.kind)]

    @cached_property
    def required(self) -> list[str]:
        """The fields that a row must have."""
        infos = msgspec.structs.fields(self.kind)
        names = [info.encode_name for info in infos if info.required]
        return [name for name in names if name not in self.made_up]

    def pick(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row by fields, without the columns that hold none."""
        taken = set(self.by_field.values())
        by_name = {name: row[name] for name in self.fields if name in row and name not in taken}
        mapped = {name: row[column] for name, column in self.by_field.items() if column in row}
        return by_name | mapped

    def check(self, path: Path, names: list[str]) -> None:
        """Make sure that a table's columns can fill a message.

        Raises: DataFileError: naming the columns there are, and how to say what they hold.
        """
        wrong = [column for column in self.by_field.values() if column not in names]
        if wrong:
            raise DataFileError(
                f"{path} has no column `{wrong[0]}`. Its columns are {listed(names)}."
            )
        filled = self.pick(dict.fromkeys(names, ""))
        missing = [name for name in self.required if name not in filled]
        if missing:
            raise DataFileError(
                f"{path} has no column `{missing[0]}`. Its columns are {listed(names)}. "
                f"Say which one holds it: `--map {missing[0]}=COLUMN`."
            )

    def hint(self, row: Mapping[str, Any]) -> str:
        """What to try when a row lacks what it must have; empty when it has it."""
        missing = [name for name in self.required if name not in self.pick(row)]
        if not missing:
            return ""
        return (
            f"there is no `{missing[0]}` among {listed(list(row)) or 'its fields'}; "
            f"say which one holds it: `--map {missing[0]}=NAME`"
        )


def listed(names: list[str]) -> str:
    """Names as a sentence has them."""
    return ", ".join(f"`{name}`" for name in names)


def _parse_pair(option: str) -> tuple[str, str]:
    name, equals, column = option.partition("=")
    if not (name.strip() and equals and column.strip()):
        raise DataFileError(
            f"--map {option}: say which column holds which field, such as `--map text=Answer`."
        )
    return name.strip(), column.strip()
