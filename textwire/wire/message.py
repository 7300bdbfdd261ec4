"""What every message is made of: bounded fields, and the struct they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self

import msgspec

from textwire.wire.file_measure import FileMeasure
from textwire.wire.guests import GuestColumns

Identifier = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
ShortText = Annotated[str, msgspec.Meta(max_length=500)]
Url = Annotated[str, msgspec.Meta(max_length=2_000)]
Language = Annotated[str, msgspec.Meta(max_length=35)]
Probability = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Message(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What travels on a topic.

    time_field    when it happened, where it says so.
    end_fields    moments up to which it holds: a date without a time means all of that day.
    column_names  what other programs call a field in their files, the surest names first.
    choice_names  by field that takes only some values: what other programs call each of them.
    further_field the field that takes in what a sender says in fields that are not known; None:
                  they are ignored.
    counted_ids   ids are numbers in most files: `12.0` is 12, and `nan` none.
    money_fields  numbers that are prices: of a range the lower, and parts of hundred for cents.
    written_fields texts for people, which may come as HTML and are kept without.
    spare_fields  fields that a file may say in several columns: the first that is not empty counts.
    guests_in     by field of a user's id: the columns that stand in for it where it is empty.
    continued_by  a field: a table's row that has it from the row above may leave these to that row:
    continued_fields
    listed_in     names of a list of things in an object of JSON, each of which makes a row.
    several_in    by field: names of columns that hold it of several rows in one; those of the first
                  field say how many rows there are.
    implied       by field that no column says: a field that says it by being there, and what.
    truth_of_time by field of a time, the field that says whether: of "published: yes".
    paths_in      by field of one path: names of columns that hold several, and the field that the
                  others go to.
    measured_by   makes what tells from all rows of a file what their values mean; None: nothing.
    said_beside   what `columns_beside` may find, and in words what that says.
    shared_in     one of these: rows of a table that have it from the row above are of its user.
    """

    time_field: ClassVar[str | None] = None
    end_fields: ClassVar[frozenset[str]] = frozenset()
    column_names: ClassVar[Mapping[str, tuple[tuple[str, ...], ...]]] = {}
    choice_names: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    further_field: ClassVar[str | None] = None
    counted_ids: ClassVar[bool] = False
    money_fields: ClassVar[frozenset[str]] = frozenset()
    written_fields: ClassVar[frozenset[str]] = frozenset()
    spare_fields: ClassVar[frozenset[str]] = frozenset()
    guests_in: ClassVar[Mapping[str, GuestColumns]] = {}
    listed_in: ClassVar[tuple[str, ...]] = ()
    several_in: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    implied: ClassVar[Mapping[str, tuple[str, str]]] = {}
    continued_by: ClassVar[str | None] = None
    continued_fields: ClassVar[frozenset[str]] = frozenset()
    truth_of_time: ClassVar[Mapping[str, str]] = {}
    paths_in: ClassVar[Mapping[str, tuple[tuple[str, ...], str]]] = {}
    measured_by: ClassVar[Callable[[], FileMeasure] | None] = None
    said_beside: ClassVar[Mapping[str, str]] = {}
    shared_in: ClassVar[str | None] = None

    @staticmethod
    def columns_beside(names: Iterable[str]) -> dict[str, str]:  # noqa: ARG004
        """Columns that say more of a row than its fields hold, for `settled`, by what they say."""
        return {}

    @staticmethod
    def settled(fields: dict[str, Any]) -> dict[str, Any]:
        """A row's fields, with what some of them say of others."""
        return fields

    @staticmethod
    def stand_ins(fields: Mapping[str, Any]) -> dict[str, tuple[str, str]]:  # noqa: ARG004
        """By field that a row leaves empty: what is taken in its place, and from what."""
        return {}

    def completed(self, record_id: str, record_at: datetime) -> Self:  # noqa: ARG002
        """Itself, with what the sender left out filled in from the record."""
        return self

    @property
    def happened_at(self) -> datetime | None:
        """When it happened, if it says so."""
        return getattr(self, self.time_field) if self.time_field else None
