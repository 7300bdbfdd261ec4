"""The headers of a record: CloudEvents 1.0 (Kafka binding, binary mode) and W3C trace context.

Source: https://github.com/cloudevents/spec (bindings/kafka-protocol-binding.md); https://www.w3.org/TR/trace-context/
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from textwire.wire.record import Headers

JSON = b"application/json"
TRACEPARENT = "traceparent"
_TRACEPARENT_FORM = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")


def event_headers(
    kind: str, source: str, event_id: str, at: datetime, trace: str
) -> dict[str, bytes]:
    """Headers of a record of ours.

    Args: kind: what happened, such as `textwire.support.answers`; source: who says so.
          trace: the traceparent of what led to it (see `child_trace`).
    """
    return {
        "ce_specversion": b"1.0",
        "ce_id": event_id.encode(),
        "ce_type": kind.encode(),
        "ce_source": source.encode(),
        "ce_time": at.astimezone(UTC).isoformat().replace("+00:00", "Z").encode(),
        "content-type": JSON,
        TRACEPARENT: trace.encode(),
    }


def new_trace() -> str:
    """The traceparent of something that nothing led to."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_trace(headers: Headers) -> str:
    """A traceparent in the trace of these headers; a new trace where they have none."""
    parts = _TRACEPARENT_FORM.fullmatch(headers.get(TRACEPARENT, b""))
    if parts is None:
        return new_trace()
    return f"00-{parts[1].decode()}-{secrets.token_hex(8)}-01"


def trace_id(headers: Headers) -> str:
    """The trace's id, or an empty string: for logs."""
    parts = _TRACEPARENT_FORM.fullmatch(headers.get(TRACEPARENT, b""))
    return parts[1].decode() if parts else ""


def as_pairs(headers: Headers) -> list[tuple[str, bytes]]:
    """Headers as the Kafka client wants them."""
    return list(headers.items())


def from_pairs(pairs: Sequence[tuple[str, bytes | None]] | None) -> dict[str, bytes]:
    """Headers as a mapping; the last of a repeated name counts."""
    return {name: value or b"" for name, value in pairs or ()}
