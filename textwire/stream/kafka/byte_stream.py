"""Bytes that come in pieces, read in the units of Kafka's record format."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from textwire.errors import TextwireError
from textwire.wire.record import Cut

LONGEST_VARINT_BYTES = 10
# Of a value that is longer than what is held, its beginning: enough to see what it was.
KEPT_BYTES = 64 * 1024


class EndsEarly(TextwireError):
    """Fewer bytes than those that came before promised, or numbers that make no sense."""


class ByteStream:
    """Reads ahead by one piece, and holds no more than that and what is asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0

    def varint(self) -> int:
        """A number of 1 to 10 bytes, zigzag.

        Raises: EndsEarly.
        """
        if self._at < len(self._piece):  # most are of one byte
            first = self._piece[self._at]
            if first < 0x80:
                self._at += 1
                return (first >> 1) ^ -(first & 1)
        number = 0
        for shift in range(0, 7 * LONGEST_VARINT_BYTES, 7):
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (number >> 1) ^ -(number & 1)
        raise EndsEarly("a number of more than ten bytes")

    def take(self, count: int) -> bytes:
        """The next bytes.

        Raises: EndsEarly: there are fewer.
        """
        end = self._at + count
        if end <= len(self._piece):
            taken = self._piece[self._at : end]
            self._at = end
            return taken
        return b"".join(self._pass(count))

    def take_beginning(self, count: int) -> tuple[bytes, Cut]:
        """The first of the next bytes, with the length and hash of all of them.

        Raises: EndsEarly: there are fewer.
        """
        digest, beginning = sha256(), bytearray()
        for part in self._pass(count):
            digest.update(part)
            beginning += part[: KEPT_BYTES - len(beginning)]
        return bytes(beginning), Cut(count, digest.hexdigest())

    def skip(self, count: int) -> None:
        """Go past the next bytes.

        Raises: EndsEarly: there are fewer.
        """
        for _ in self._pass(count):
            pass

    def _pass(self, count: int) -> Iterator[bytes]:
        left = count
        while left:
            if self._at == len(self._piece):
                self._piece, self._at = next(self._pieces, b""), 0
                if not self._piece:
                    raise EndsEarly(f"{left:,} bytes are missing")
            part = self._piece[self._at : self._at + left]
            self._at += len(part)
            left -= len(part)
            yield part
