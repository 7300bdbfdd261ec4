"""Server-sent events, as completions are streamed: only their data, one event after the other.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

from __future__ import annotations

from collections.abc import AsyncIterator

DATA = b"data:"


async def event_data(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The data of each event; comments and other fields are passed over.

    Args: pieces: of the body, cut anywhere.
    """
    data: list[bytes] = []
    async for line in _lines(pieces):
        if line.startswith(DATA):
            data.append(line.removeprefix(DATA).removeprefix(b" "))
        elif not line and data:
            yield b"\n".join(data)
            data = []
    # Not every server ends its last event with an empty line.
    if data:
        yield b"\n".join(data)


async def _lines(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Lines that end in LF or CRLF; nobody sends a lone CR."""
    begun: list[bytes] = []
    async for piece in pieces:
        first, *rest = piece.split(b"\n")
        begun.append(first)
        for following in rest:
            yield b"".join(begun).removesuffix(b"\r")
            begun = [following]
    if last := b"".join(begun).removesuffix(b"\r"):
        yield last
