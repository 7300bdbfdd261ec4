"""Records that could not be used, kept with the reason, so that they can be read and replayed."""

from __future__ import annotations

from datetime import UTC, datetime

from textwire.stream.records import OutgoingRecord, Record

REASON = "tw_reason"
ERROR = "tw_error"
SERVICE = "tw_service"
SOURCE_TOPIC = "tw_source_topic"
SOURCE_TOPIC_ID = "tw_source_topic_id"  # of a compacted topic's rows, see stream/row_letters.py
SOURCE_PARTITION = "tw_source_partition"
SOURCE_OFFSET = "tw_source_offset"
AT = "tw_at"
REPLAYS = "tw_replays"
OURS = (
    REASON,
    ERROR,
    SERVICE,
    SOURCE_TOPIC,
    SOURCE_TOPIC_ID,
    SOURCE_PARTITION,
    SOURCE_OFFSET,
    AT,
)

# A reason is read by people; a stack of nested validation errors is not.
MAX_REASON_CHARACTERS = 500


def dead_letter(record: Record, error: Exception, service: str, at: datetime) -> OutgoingRecord:
    """The record as it came, with its headers and why it was refused, for `<topic>.dead`."""
    partition = record.partition
    reason = str(error)[:MAX_REASON_CHARACTERS] or type(error).__name__
    why = {
        REASON: reason,
        ERROR: type(error).__name__,
        SERVICE: service,
        SOURCE_TOPIC: partition.topic,
        SOURCE_PARTITION: str(partition.number),
        SOURCE_OFFSET: str(record.offset),
        AT: at.astimezone(UTC).isoformat(),
    }
    headers = {
        **record.headers,
        **{name: text.encode(errors="replace") for name, text in why.items()},
    }
    # Kafka's client refuses a record of neither key nor value, which others' clients do send.
    value = b"" if record.key is None and record.value is None else record.value
    return OutgoingRecord(f"{partition.topic}.dead", record.key, value, headers)
