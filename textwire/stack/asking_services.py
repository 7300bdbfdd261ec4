"""Asking a service over HTTP how it is. The answer comes within a bound, whatever it does."""

from __future__ import annotations

import socket
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from textwire.observing.readyz_text import Readiness

# On loopback an answer takes milliseconds; a busy machine gets some patience.
ANSWERS_WITHIN_S = 1.0
LONGEST_ANSWER = 64 * 1024
NO_ANSWER = "it does not answer"


class Page(NamedTuple):
    """What was answered."""

    status: int
    text: str


def ask_readiness(address: str) -> Readiness:
    """What /readyz says; where nothing does, that it does not answer."""
    page = fetch(f"{address}/readyz")
    if page is None:
        return Readiness(NO_ANSWER)
    if page.status not in (200, 503):
        return Readiness(f"/readyz answered with status {page.status}")
    return Readiness.parse(page.text)


def ask_what_hangs(address: str, path: str = "/livez") -> str:
    """What only a restart would help against, in words; empty while it is alive."""
    page = fetch(f"{address}{path}")
    if page is None:
        return NO_ANSWER
    return "" if page.status == 200 else "; ".join(page.text.split("\n")).strip("; ")


def fetch(url: str, within_s: float = ANSWERS_WITHIN_S) -> Page | None:
    """A small page, or None where it did not come as a whole in time.

    The bound holds for all of it: to a client library it is one for each read, of any number.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 80
    deadline = time.monotonic() + within_s
    request = f"GET {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n"
    try:
        with socket.create_connection((host, port), within_s) as connection:
            connection.sendall(request.encode())
            return _parsed(_read_all(connection, deadline))
    except (OSError, ValueError):
        return None


def _read_all(connection: socket.socket, deadline: float) -> bytes:
    """What comes until the other side closes.

    Raises: TimeoutError: it did not close in time.
    """
    answer = b""
    while len(answer) < LONGEST_ANSWER:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            raise TimeoutError
        connection.settimeout(left_s)
        if not (received := connection.recv(8192)):
            break
        answer += received
    return answer


def _parsed(answer: bytes) -> Page:
    """Raises: ValueError: it is no HTTP."""
    head, _, body = answer.partition(b"\r\n\r\n")
    protocol, status = head.split(None, 2)[:2]
    if not protocol.startswith(b"HTTP/"):
        raise ValueError(protocol)
    return Page(int(status), body.decode(errors="replace"))
