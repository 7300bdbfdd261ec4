"""What can still be read of a rejected record: whose it is, and what it answers to.

By contract a record's key is the session or the user, and its message says the same. A record may
be rejected for one field of many, for its size or for a missing brace, so its fields are looked for
leniently: in the message, if there is one; else in the JSON, whatever its other fields hold; else
in the beginning of what was meant to be JSON. Headers are not looked at: whoever passes a record on
may have written them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from textwire.stream.processor import Rejected
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Identifier
from textwire.wire.record import Record

T = TypeVar("T")
Fields = Mapping[str, msgspec.Raw]

# As large as services can be told to read (`stream.max_record_bytes`): parsed in some 2 ms.
WHOLE_BYTES = 1024 * 1024
# A question at its longest, and then its ids; looked through in some 8 ms at worst.
BEGINNING_BYTES = 16 * 1024

# A text, cut off or not, or a mark of structure. Whatever the bytes, each is looked at once.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[{}\[\],:]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Remains:
    """What is left of a record.

    fields   of its JSON, on the top level, each as it stands there; none of them is checked.
    whole    whether these are all its fields, so that another one is missing.
    key      the record's key, where it can be an identifier.
    """

    fields: Fields
    whole: bool
    key: str | None

    def identifier(self, name: str) -> str | None:
        """A field that may be used as an identifier, where it fits."""
        return _decoded(self.fields.get(name), Identifier)

    def text(self, name: str) -> str | None:
        """A field that holds text, of whatever length."""
        return _decoded(self.fields.get(name), str)


def remains_of(rejected: Rejected) -> Remains:
    """What can be read of a rejected record; raises nothing, whatever its bytes."""
    return fields_of(_value_of(rejected), _key_of(rejected.record))


def fields_of(value: bytes, key: str | None = None) -> Remains:
    """What can be read of a record's value, or of the beginning that was kept of it."""
    if len(value) <= WHOLE_BYTES:
        with suppress(*NOT_DECODABLE):
            return Remains(msgspec.json.decode(value, type=dict[str, msgspec.Raw]), True, key)
    return Remains(_fields_in_beginning(value[:BEGINNING_BYTES]), False, key)


def _value_of(rejected: Rejected) -> bytes:
    if rejected.message is not None:
        return msgspec.json.encode(rejected.message)
    return rejected.record.value or b""


def _key_of(record: Record) -> str | None:
    with suppress(*NOT_DECODABLE):
        return msgspec.convert((record.key or b"").decode(), Identifier)
    return None


def _fields_in_beginning(beginning: bytes) -> Fields:
    """Texts on the top level of JSON that is cut off or damaged.

    Of a name that stands there twice, the first: text that was not escaped may look like fields.
    """
    fields: dict[str, msgspec.Raw] = {}
    depth, before, name = 0, b"", b""
    for token in (found[0] for found in TOKEN.finditer(beginning)):
        if token in b"{[":
            depth += 1
        elif token in b"}]":
            depth -= 1
        elif depth == 1 and token.startswith(b'"'):
            if before == b":":
                _note(fields, name, token)
            name = token
        before = token
    return fields


def _note(fields: dict[str, msgspec.Raw], name: bytes, value: bytes) -> None:
    known = _decoded(name, str)
    if known is not None:
        fields.setdefault(known, msgspec.Raw(value))


def _decoded(value: Any, kind: type[T]) -> T | None:
    if value is None:
        return None
    with suppress(*NOT_DECODABLE):
        return msgspec.json.decode(value, type=kind)
    return None
