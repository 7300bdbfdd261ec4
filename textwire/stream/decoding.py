"""From a record's bytes to a message that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

import msgspec

from textwire.errors import RecordRejected, RecordTooLarge
from textwire.stream.other_forms import advice_on_bytes, advice_on_fields
from textwire.stream.processor import Received
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.further_fields import with_further_fields
from textwire.wire.limits import correction, field_limits, unfit_fields
from textwire.wire.message import Message
from textwire.wire.record import Record
from textwire.wire.topic import Topic


class Decoder:
    """Decodes the records of some topics; decoding is validation."""

    def __init__(self, topics: tuple[Topic, ...], max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._decoders: Mapping[str, msgspec.json.Decoder[Message]] = {
            topic.name: msgspec.json.Decoder(topic.message) for topic in topics
        }

        self._kinds = {topic.name: topic.message for topic in topics}

    def decode(self, record: Record) -> Received:
        """The message, with what its sender left out filled in.

        Raises: RecordRejected: unreadable, empty, too large, not UTF-8, not JSON, not of the
                topic's form, or written at no time that there is.
        """
        message = self.message(record)
        return Received(message.completed(record.id, _written_at(record)), record)

    def message(self, record: Record) -> Message:
        """The message as its sender wrote it.

        Raises: RecordRejected: as above, but for the time, which is not looked at.
        """
        value = self._bounded(record)
        try:
            message = self._decoders[record.partition.topic].decode(value)
            return with_further_fields(message, value)
        except msgspec.ValidationError as error:
            advice = _advice_on_form(value, self._kinds[record.partition.topic])
            raise RecordRejected(_told("not of the topic's form", error, advice)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            advice = advice_on_bytes(value)
            raise RecordRejected(_told("not JSON in UTF-8", error, advice)) from error
        except RecursionError as error:
            raise RecordRejected("nested too deeply to be read") from error

    def _bounded(self, record: Record) -> bytes:
        if record.unreadable:
            raise RecordRejected(record.unreadable)
        if not record.value:
            raise RecordRejected("empty: the record has no value")
        size = record.cut.size if record.cut else len(record.value)
        if record.cut or size > self._max_bytes:
            raise RecordTooLarge(
                f"too large: {size:,} bytes; stream.max_record_bytes is {self._max_bytes:,}"
            )
        return record.value


def _advice_on_form(value: bytes, kind: type[Message]) -> str:
    """What else it seems to be; or else what the fields have to be that are not as they should."""
    if advice := advice_on_fields(value, field_limits(kind).keys()):
        return advice
    # What is no whole object, such as 100,000 brackets, ends a decoder before it is read.
    with suppress(*NOT_DECODABLE):
        fields = msgspec.json.decode(value, type=dict[str, msgspec.Raw])
        return correction(unfit_fields(fields, kind), kind)
    return ""


def _told(what: str, error: Exception, advice: str) -> str:
    """The advice first: what a parser says of values may be long, and is cut."""
    return f"{what}: {advice} ({error})" if advice else f"{what}: {error}"


def _written_at(record: Record) -> datetime:
    try:
        return record.at
    except (ValueError, OverflowError, OSError) as error:  # which of them, the platform decides
        raise RecordRejected(
            f"written at no time that there is: timestamp {record.timestamp_ms} ms; "
            "Kafka's are milliseconds since 1970"
        ) from error
