"""Records that could not be used, kept with the reason, so that they can be read and replayed.

A letter is bounded, whatever its record was: of a long value it holds the beginning, with the
length and the hash of the whole, which stands where the letter says as long as its topic keeps it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from textwire.wire.record import Headers, OutgoingRecord, Record
from textwire.wire.whole_numbers import whole_number

REASON = "tw_reason"
ERROR = "tw_error"
SERVICE = "tw_service"
SOURCE_TOPIC = "tw_source_topic"
SOURCE_TOPIC_ID = "tw_source_topic_id"
SOURCE_PARTITION = "tw_source_partition"
SOURCE_OFFSET = "tw_source_offset"
SOURCE_EPOCH = "tw_source_epoch"
AT = "tw_at"
REPLAYS = "tw_replays"
# Of a record that the letter does not hold whole.
WHOLE_BYTES = "tw_whole_bytes"
WHOLE_SHA256 = "tw_whole_sha256"
LEFT_OUT = "tw_left_out"
OURS = (
    REASON,
    ERROR,
    SERVICE,
    SOURCE_TOPIC,
    SOURCE_TOPIC_ID,
    SOURCE_PARTITION,
    SOURCE_OFFSET,
    SOURCE_EPOCH,
    AT,
    WHOLE_BYTES,
    WHOLE_SHA256,
    LEFT_OUT,
)

ALL_OF_IT = "key, value, headers"

# A reason is read by people; a stack of nested validation errors is not.
MAX_REASON_CHARACTERS = 500
# All in all well below what a broker takes by default, 1,048,588 bytes.
WHOLE_VALUE_BYTES = 512 * 1024
BEGINNING_BYTES = 64 * 1024
KEY_BYTES = 16 * 1024
HEADERS_BYTES = 64 * 1024
# Whoever reads the letter holds 1,000 headers, and ours have to be among them.
MOST_HEADERS = 900


def dead_letter(record: Record, error: Exception, service: str, at: datetime) -> OutgoingRecord:
    """The record as it came, with its headers and why it was refused, for `<topic>.dead`.

    What is too large of it is left out, and the letter says what.
    """
    value, whole = _bounded_value(record)
    key, headers, left_out = _bounded_rest(record)
    why = {**_reasons(record, error, service, at), **whole}
    if left_out:
        why[LEFT_OUT] = ", ".join(left_out)
    # Kafka's client refuses a record of neither key nor value, which others' clients do send.
    return _letter(record, key, b"" if key is None and value is None else value, headers, why)


def smallest_letter(record: Record, error: Exception, service: str, at: datetime) -> OutgoingRecord:
    """Nothing but where the record stands and why it was refused."""
    why = {**_reasons(record, error, service, at), LEFT_OUT: ALL_OF_IT}
    return _letter(record, None, b"", {}, why)


def is_smallest(letter: OutgoingRecord) -> bool:
    """Whether nothing more of a letter could be left out."""
    return letter.headers.get(LEFT_OUT) == ALL_OF_IT.encode()


def is_whole(letter: Record) -> bool:
    """Whether a letter holds all of its record."""
    return WHOLE_BYTES not in letter.headers and LEFT_OUT not in letter.headers


def noted_epoch(letter: OutgoingRecord | Record) -> int:
    """Of the leader that wrote the record, as `LogPlace` has it; -1: not known."""
    noted = whole_number(letter.headers.get(SOURCE_EPOCH, b""))
    return -1 if noted is None else noted


def _reasons(record: Record, error: Exception, service: str, at: datetime) -> dict[str, str]:
    partition, epoch = record.partition, record.leader_epoch
    known = {SOURCE_TOPIC_ID: record.topic_id, SOURCE_EPOCH: str(epoch) if epoch >= 0 else ""}
    return {
        REASON: str(error)[:MAX_REASON_CHARACTERS] or type(error).__name__,
        ERROR: type(error).__name__,
        SERVICE: service,
        SOURCE_TOPIC: partition.topic,
        SOURCE_PARTITION: str(partition.number),
        SOURCE_OFFSET: str(record.offset),
        AT: at.astimezone(UTC).isoformat(),
        **{name: value for name, value in known.items() if value},
    }


def _bounded_value(record: Record) -> tuple[bytes | None, dict[str, str]]:
    """A value that fits, and what is told of one that does not."""
    value = record.value
    if record.cut is not None:
        size, digest = record.cut
    elif value is not None and len(value) > WHOLE_VALUE_BYTES:
        size, digest = len(value), sha256(value).hexdigest()
    else:
        return value, {}
    return (value or b"")[:BEGINNING_BYTES], {WHOLE_BYTES: str(size), WHOLE_SHA256: digest}


def _bounded_rest(record: Record) -> tuple[bytes | None, Headers, list[str]]:
    key, headers, left_out = record.key, record.headers, dict.fromkeys(record.lacks)
    if key is not None and len(key) > KEY_BYTES:
        key = key[:KEY_BYTES]
        left_out["the end of the key"] = None
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > HEADERS_BYTES or len(headers) > MOST_HEADERS:
        headers = {}
        left_out["headers"] = None
    return key, headers, list(left_out)


def _letter(
    record: Record, key: bytes | None, value: bytes | None, headers: Headers, why: dict[str, str]
) -> OutgoingRecord:
    told = {name: text.encode(errors="replace") for name, text in why.items()}
    return OutgoingRecord(f"{record.partition.topic}.dead", key, value, {**headers, **told})
