"""A real HTTP server that behaves like those of language models, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any


def completion(text: str | None, finish: str = "stop", **message: Any) -> bytes:
    """A body as OpenAI, vLLM, Ollama and llama.cpp send it."""
    said = {"role": "assistant", "content": text, **message}
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1_767_323_045,
            "model": "small",
            "choices": [{"index": 0, "message": said, "finish_reason": finish, "logprobs": None}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18},
        }
    ).encode()


def event(choice: dict[str, Any] | None, **more: Any) -> bytes:
    """An event of a stream; with no choice the one that counts tokens."""
    choices = [] if choice is None else [{"index": 0, "logprobs": None, **choice}]
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "small"}
    return b"data: " + json.dumps(chunk | {"choices": choices} | more).encode() + b"\n\n"


def said(text: str) -> bytes:
    """An event in which so much was added."""
    return event({"delta": {"content": text}, "finish_reason": None})


DONE = b"data: [DONE]\n\n"


def streamed(text: str, finish: str | None = "stop") -> list[bytes]:
    """Events as such servers send them, some four letters to a token."""
    tokens = [text[at : at + 4] for at in range(0, len(text), 4)]
    return [
        event({"delta": {"role": "assistant", "content": ""}, "finish_reason": None}),
        *map(said, tokens),
        event({"delta": {}, "finish_reason": finish}),
        event(None, usage={"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}),
        DONE,
    ]


@dataclass
class ChatServer:
    """Answers all questions with one body, or with what `answers` makes of a request's body.

    It streams where it was told a text by `says`, or has `pieces`, of which it sends one after the
    other; a piece may also be an event to be waited for.
    """

    port: int = 0
    body: bytes = completion("NOTHING")
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: Sequence[bytes | Event] = ()
    answers: Callable[[dict[str, Any]], bytes] | None = None
    endless: bool = False
    held: Event = field(default_factory=Event)  # nothing is answered until it is set
    asked: list[tuple[str, Mapping[str, str], dict[str, Any]]] = field(default_factory=list)
    most_at_once: int = 0
    _at_once: int = 0
    _lock: Any = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def prompts(self) -> list[str]:
        """What users said, in the order of their requests."""
        return [body["messages"][-1]["content"] for _, _, body in self.asked]

    def says(self, text: str) -> None:
        self.body, self.pieces = completion(text), streamed(text)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        with self._lock:
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            yield
        finally:
            with self._lock:
                self._at_once -= 1


@contextmanager
def serving() -> Iterator[ChatServer]:
    chat = ChatServer()
    chat.held.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, chat))
    chat.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        chat.held.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, chat: ChatServer, *connection: Any) -> None:
        self._chat = chat
        super().__init__(*connection)  # handles the request, too

    def do_POST(self) -> None:
        chat = self._chat
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chat.asked.append((self.path, dict(self.headers), body))
        with chat.one_more(), suppress(OSError):  # who asked may be gone
            chat.held.wait(30)
            if chat.pieces and body["stream"]:
                self._stream(chat.pieces)
            else:
                self._answer(chat.answers(body) if chat.answers else chat.body)

    def _answer(self, answer: bytes) -> None:
        self.send_response(self._chat.status)
        for name, value in self._chat.headers.items():
            self.send_header(name, value)
        if not self._chat.endless:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        while self._chat.endless:
            self.wfile.write(b" " * 65_536)

    def _stream(self, pieces: Sequence[bytes | Event]) -> None:
        self.send_response(self._chat.status)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        for piece in pieces:
            if isinstance(piece, Event):
                piece.wait(30)
            else:
                self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        pass
