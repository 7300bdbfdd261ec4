"""Reading what a caller sent, and writing what they get."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from services.gateway.problems import Problem
from textwire.errors import RecordRejected
from textwire.stream.clients.request_reply import fit_to_send
from textwire.undecodable import NOT_DECODABLE
from textwire.wire.message import Message

B = TypeVar("B", bound=msgspec.Struct)
M = TypeVar("M", bound=Message)

# A question has 8,000 characters and a request 1,000 candidates at most.
MOST_BYTES = 256 * 1024
JSON = "application/json"


async def read_body(request: Request, kind: type[B]) -> B:
    """The body as a value of a kind.

    Raises: Problem: 413, it is too large; 400, it cannot be read.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise Problem(413, f"A request has at most {MOST_BYTES:,} bytes.")
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except NOT_DECODABLE as error:
        told = f"The body cannot be read: {error}. /openapi.json says what it may hold."
        raise Problem(400, told) from error


def fit(message: M, doing: str) -> M:
    """The message, where its fields hold what they may.

    Args:   doing: what cannot be done with one that does not fit, such as "asked".
    Raises: Problem: 422, with what to send instead.
    """
    try:
        return fit_to_send(message, doing)
    except RecordRejected as error:
        raise Problem(422, str(error)) from error


def json_response(value: msgspec.Struct, status: int = 200) -> Response:
    """A value as a response that nobody keeps."""
    headers = {"Cache-Control": "no-store"}
    return Response(msgspec.json.encode(value), status, headers, JSON)
