"""From rows to passages: each one validated, named, and taken once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from textwire.errors import RecordRejected
from textwire.knowledge.bad_rows import BadRows, Place
from textwire.knowledge.rows import BadRow, Row, as_message
from textwire.messages import Passage

TAG_SEPARATORS = re.compile(r"[,;|]")
TEXT_FIELDS = ("text", "question", "title", "url", "language")


class Screening:
    """Lets each passage through once.

    It remembers an id and a hash of every passage, and no passage: files may be larger than memory.
    """

    def __init__(self, id_prefix: str = "") -> None:
        self._id_prefix = id_prefix
        self._seen: dict[str, tuple[Place, bytes]] = {}
        self.repeats = 0
        self.bad = BadRows()

    @property
    def passages(self) -> int:
        """How many were let through."""
        return len(self._seen)

    def let_through(self, path: Path, rows: Iterable[Row | BadRow]) -> Iterator[Passage]:
        """The passages of a file's rows, but for repeats and bad rows, which are counted."""
        for row in rows:
            place = Place(path, row.line)
            try:
                passage = self._as_passage(row)
                if self._is_new(passage, place):
                    yield passage
            except RecordRejected as rejected:
                self.bad.add(place, str(rejected))

    def _as_passage(self, row: Row | BadRow) -> Passage:
        if isinstance(row, BadRow):
            raise RecordRejected(row.reason)
        return as_passage(row.fields, self._id_prefix)

    def _is_new(self, passage: Passage, place: Place) -> bool:
        digest = content_digest(passage)
        first, first_digest = self._seen.setdefault(passage.id, (place, digest))
        if first == place:
            return True
        if first_digest != digest:
            raise RecordRejected(f"its id `{passage.id}` stands at {first} with other content")
        self.repeats += 1
        return False


def as_passage(fields: Mapping[str, Any], id_prefix: str = "") -> Passage:
    """The passage that a row makes; its id, if it has none, follows from its content.

    Raises: RecordRejected: a field is missing or does not fit.
    """
    tidy = _tidied(fields)
    given = tidy.pop("id", None)
    nameless = as_message({**tidy, "id": "-"}, Passage)
    own_id = content_digest(nameless).hex()[:20] if given is None else given
    if not isinstance(own_id, str):
        raise RecordRejected(f"`id`: expected text, got {given!r}")
    return as_message({**tidy, "id": f"{id_prefix}{own_id}"}, Passage)


def content_digest(passage: Passage) -> bytes:
    """A hash of all but the id."""
    content = msgspec.json.encode(msgspec.structs.replace(passage, id="-"))
    return hashlib.sha256(content).digest()


def _tidied(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Texts without blanks around them, tags as a list, and numbers as ids spelled out."""
    tidy = {name: _stripped(name, value) for name, value in fields.items()}
    tags, own_id = tidy.get("tags"), tidy.get("id")
    if isinstance(tags, str):
        tidy["tags"] = [tag.strip() for tag in TAG_SEPARATORS.split(tags) if tag.strip()]
    if isinstance(own_id, int) and not isinstance(own_id, bool):
        tidy["id"] = str(own_id)
    return tidy


def _stripped(name: str, value: Any) -> Any:
    return value.strip() if name in TEXT_FIELDS and isinstance(value, str) else value
