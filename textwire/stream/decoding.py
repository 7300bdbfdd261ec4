"""From a record's bytes to a message that can be trusted."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from textwire.errors import RecordRejected
from textwire.messages import Message
from textwire.stream.processor import Received
from textwire.stream.records import Record
from textwire.topics import Topic


class Decoder:
    """Decodes the records of some topics; decoding is validation."""

    def __init__(self, topics: tuple[Topic, ...], max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._decoders: Mapping[str, msgspec.json.Decoder[Message]] = {
            topic.name: msgspec.json.Decoder(topic.message) for topic in topics
        }

    def decode(self, record: Record) -> Received:
        """The message, with what its sender left out filled in.

        Raises: RecordRejected: empty, too large, not UTF-8, not JSON, or not of the topic's form.
        """
        value = self._bounded(record.value)
        try:
            message = self._decoders[record.partition.topic].decode(value)
        except msgspec.ValidationError as error:
            raise RecordRejected(f"not of the topic's form: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RecordRejected(f"not JSON in UTF-8: {error}") from error
        return Received(message.completed(record.id, record.at), record)

    def _bounded(self, value: bytes | None) -> bytes:
        if not value:
            raise RecordRejected("empty: the record has no value")
        if len(value) > self._max_bytes:
            raise RecordRejected(
                f"too large: {len(value):,} bytes; stream.max_record_bytes is {self._max_bytes:,}"
            )
        return value
