"""A server that speaks as Redis does, and answers what Redis never would."""

from __future__ import annotations

import socketserver
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from threading import Thread

import pytest

from textwire.errors import RedisUnavailable
from textwire.results.redis import RedisResults
from textwire.results.writes import Fence, Owner, Put
from textwire.wire.record import LogPlace

FENCE = Fence("group", "words", 0, "id")
PUT = Put("key", b"value")
CALLS: dict[str, Callable[[RedisResults], object]] = {
    "claim": lambda results: results.claim(FENCE, Owner(1, "me")),
    "apply": lambda results: results.apply(FENCE, [(LogPlace(0, 1), [PUT])], Owner(1, "me")),
    "write": lambda results: results.write([PUT]),
    "last_applied": lambda results: results.last_applied(FENCE),
    "get": lambda results: results.get("key"),
    "tail": lambda results: results.tail("key", 3),
    "fields": lambda results: results.fields("key"),
    "fields_many": lambda results: results.fields_many(["key", "other"]),
    "entries": lambda results: results.entries("key"),
    "check": lambda results: results.check(),
}


class _Answering(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        usual = {b"PING": b"+PONG\r\n", b"CLIENT": b"+OK\r\n", b"HELLO": b"-ERR unknown\r\n"}
        while words := self._command():
            answer: bytes = self.server.answer  # type: ignore[attr-defined]
            self.wfile.write(usual.get(words[0].upper(), answer))

    def _command(self) -> list[bytes]:
        words = []
        for _ in range(int(self.rfile.readline()[1:] or b"0")):
            length = int(self.rfile.readline()[1:])
            words.append(self.rfile.read(length + 2)[:-2])
        return words


@contextmanager
def answering(answer: bytes) -> Iterator[RedisResults]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Answering) as server:
        server.daemon_threads = True
        server.answer = answer  # type: ignore[attr-defined]
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        url = f"redis://127.0.0.1:{server.server_address[1]}/0"
        with closing(RedisResults.from_url(url, timeout_s=2.0)) as results:
            yield results
        server.shutdown()


@pytest.mark.parametrize(
    "answer",
    [
        b":5\r\n",
        b":no\r\n",
        b"*1\r\n:7\r\n",
        b"*3\r\n:1\r\n:2\r\n:3\r\n",
        b"+OK\r\n",
        b"HTTP/1.1\r\n",
    ],
    ids=repr,
)
def test_an_answer_of_another_shape_ends_nobody(answer: bytes) -> None:
    with answering(answer) as results:
        for call in CALLS.values():
            with suppress(RedisUnavailable):
                call(results)
