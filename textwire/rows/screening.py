"""From rows to messages that have an id: each one validated, named, and taken once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from textwire.errors import RecordRejected
from textwire.rows.bad_rows import BadRows, Place
from textwire.rows.row import BadRow, Row, as_message
from textwire.rows.tidying import tidied
from textwire.wire.further_fields import fitting
from textwire.wire.message import Message

M = TypeVar("M", bound=Message)


class RepeatedId(RecordRejected):
    """Two rows of one id say different things."""


class Screening(Generic[M]):
    """Lets each message through once: passages of knowledge, items of a catalogue.

    It remembers an id and a hash of each, and no more: files may be larger than memory.
    """

    def __init__(self, kind: type[M], id_prefix: str = "") -> None:
        self._kind = kind
        self._id_prefix = id_prefix
        self._seen: dict[str, tuple[Place, bytes]] = {}
        self.repeats = 0
        # Further fields that there was no room for, by how many rows had them.
        self.left_out: Counter[str] = Counter()
        # What rows left empty and was taken from other fields: `title from description`.
        self.stood_in: Counter[str] = Counter()
        self.bad = BadRows()

    @property
    def taken(self) -> int:
        """How many were let through."""
        return len(self._seen)

    def let_through(self, path: Path, rows: Iterable[Row | BadRow]) -> Iterator[M]:
        """The messages of a file's rows, but for repeats and bad rows, which are counted."""
        for row in rows:
            place = Place(path, row.line, row.where)
            try:
                message = self._as_message(row)
                if self._is_new(message, place):
                    yield message
            except RepeatedId as repeated:
                self.bad.add(place, str(repeated), "repeated id")
            except RecordRejected as rejected:
                self.bad.add(place, str(rejected))

    def _as_message(self, row: Row | BadRow) -> M:
        if isinstance(row, BadRow):
            raise RecordRejected(row.reason)
        further = row.fields.get(self._kind.further_field or "")
        if further:
            self.left_out.update(fitting(self._kind, further)[1])
        return as_named(row.fields, self._kind, self._id_prefix, self.stood_in)

    def _is_new(self, message: M, place: Place) -> bool:
        own_id, digest = id_of(message), content_digest(message)
        if own_id not in self._seen:
            self._seen[own_id] = place, digest
            return True
        first, first_digest = self._seen[own_id]
        if first_digest != digest:
            raise RepeatedId(f"its id `{own_id}` stands at {first} with other content")
        self.repeats += 1
        return False


def as_named(
    fields: Mapping[str, Any],
    kind: type[M],
    id_prefix: str = "",
    stood_in: Counter[str] | None = None,
) -> M:
    """The message that a row makes; its id, if it has none, follows from its content.

    Further fields that the kind has no room for are left out: `Screening` names them.

    Args:   stood_in: counts what was taken in the place of empty fields, and from what.
    Raises: RecordRejected: a field is missing or does not fit.
    """
    tidy = tidied(fields, kind)
    if kind.further_field in tidy:
        tidy[kind.further_field], _ = fitting(kind, tidy[kind.further_field])
    for name, (value, source) in kind.stand_ins(tidy).items():
        tidy[name] = value
        if stood_in is not None:
            stood_in[f"`{name}` from its {source}"] += 1
    given = tidy.pop("id", None)
    nameless = as_message({**tidy, "id": "-"}, kind, strict=False)
    own_id = content_digest(nameless).hex()[:20] if given is None else given
    if not isinstance(own_id, str):
        raise RecordRejected(f"`id`: expected text, got {given!r}")
    return as_message({**tidy, "id": f"{id_prefix}{own_id}"}, kind, strict=False)


def told_stand_ins(stood_in: Mapping[str, int]) -> list[str]:
    """What was taken in the place of empty fields, a sentence each."""
    return [
        f"{'1 row has its' if count == 1 else f'{count:,} rows have their'} {what}, since it is "
        "empty there."
        for what, count in stood_in.items()
    ]


def id_of(message: Message) -> str:
    """The id of a message of a kind that has one."""
    own_id: str = getattr(message, "id")  # noqa: B009 - not every kind has one
    return own_id


def content_digest(message: Message) -> bytes:
    """A hash of all but the id; where a message has a source, that of another is another."""
    content = msgspec.json.encode(msgspec.structs.replace(message, id="-"))
    return hashlib.sha256(content).digest()
