"""What producers of other kinds send in place of a message, and what they should send instead.

A parser says at which byte it stumbled; whoever set up the producer needs to know why. Known by
their first bytes or their fields; it is a guess, and only said where a value was refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from textwire.undecodable import NOT_DECODABLE

# Enough to see what a value is; a record may have a megabyte.
LOOKED_AT_BYTES = 64 * 1024
SCHEMA_ID_BYTES = 5  # a zero byte and the number of a schema

PACKED = "it is packed by {}: send plain JSON, and let Kafka's producer compress"
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "it begins with a byte order mark: send UTF-8 without one"),
    (b"\xff\xfe", "it is UTF-16: send UTF-8"),
    (b"\xfe\xff", "it is UTF-16: send UTF-8"),
    (b"\x00{", "it is UTF-16: send UTF-8"),
    (b"\x00[", "it is UTF-16: send UTF-8"),
    (b"\x1f\x8b", PACKED.format("gzip")),
    (b"\x28\xb5\x2f\xfd", PACKED.format("zstd")),
    (b"\x04\x22\x4d\x18", PACKED.format("lz4")),
    (b"\xac\xed\x00\x05", "it is an object of Java's own serialization: send JSON"),
    (b"<", "it looks like XML or HTML: send JSON"),
    (b"{'", "it has single quotes, as Python prints: json.dumps writes JSON"),
)
NO_NUMBER = re.compile(rb"[:\[,]\s*-?(NaN|Infinity|nan|inf)\b")
# Half of a character that JSON writes as two escapes.
HALF = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])"
    rb"|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F]"
)


def advice_on_bytes(value: bytes) -> str:
    """What to send in place of a value that is no JSON; empty where that is not known."""
    for beginning, advice in BEGINNINGS:
        if value.startswith(beginning):
            return advice
    looked_at = value[:LOOKED_AT_BYTES]
    if value.startswith(b"\x00") and len(value) > SCHEMA_ID_BYTES:
        schema = int.from_bytes(value[1:SCHEMA_ID_BYTES])
        return (
            f"it begins like a schema registry's Avro, Protobuf or JSON (schema {schema}): "
            "send plain JSON, without a registry's serializer"
        )
    if b"\x00" in looked_at[:4]:
        return "it is binary, or text in UTF-16: send JSON in UTF-8"
    if NO_NUMBER.search(looked_at):
        return "NaN and Infinity are no JSON: send null, or leave the field out"
    if HALF.search(looked_at):
        return r"it has half a character (such as \ud83d alone, of an emoji cut in two)"
    if not value.lstrip().startswith((b"{", b"[", b'"')):
        return "send a JSON object"
    return _advice_on_text(value)


def _advice_on_text(value: bytes) -> str:
    try:
        value.decode()
    except UnicodeDecodeError:
        return "it has characters of another encoding, such as Latin-1: send UTF-8"
    first, _, rest = value.partition(b"\n")
    if rest.lstrip().startswith(b"{") and first.rstrip().endswith(b"}"):
        return "it has several lines of JSON: send one record for each"
    return ""


def advice_on_fields(value: bytes, known: Collection[str]) -> str:
    """What to send in place of JSON that is not of a topic's form; empty where that is not known.

    Args: known: the fields of the topic's messages.
    """
    with suppress(*NOT_DECODABLE):
        found: Any = msgspec.json.decode(value)
        if isinstance(found, list):
            return "send one record for each"
        if isinstance(found, str) and found.lstrip().startswith(("{", "[")):
            return "it is JSON within a text: encode it once"
        if isinstance(found, dict):
            return _on_object(found, known)
        return "send a JSON object"
    return ""


def _on_object(found: Mapping[str, Any], known: Collection[str]) -> str:
    if "specversion" in found:
        return (
            "it is a CloudEvent in structured mode: send what stands in `data` as the value "
            "(binary mode has the rest in headers)"
        )
    if {"schema", "payload"} <= found.keys():
        return "it is an envelope of Kafka Connect: set value.converter.schemas.enable=false"
    if "after" in found and "after" not in known:
        return (
            "it is a change as Debezium tells it: send what stands in `after` alone (its "
            "transformation ExtractNewRecordState does)"
        )
    other = {_plain(name): name for name in found if name not in known}
    pairs = [(other[_plain(name)], name) for name in sorted(known) if _plain(name) in other]
    return "; ".join(f"`{sent}` is called `{name}` here" for sent, name in pairs[:3])


def _plain(name: str) -> str:
    """A name however it is written: sessionId, Session-Id, session_id."""
    return re.sub(r"[^a-z0-9]", "", name.lower())
