"""A real HTTP server that behaves like those of language models, well or badly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
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


@dataclass
class ChatServer:
    """Answers all questions with one body, or with what `answers` makes of a request's body."""

    port: int = 0
    body: bytes = completion("NOTHING")
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
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
        self.body = completion(text)

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

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            chat.asked.append((self.path, dict(self.headers), body))
            with chat.one_more(), suppress(OSError):  # who asked may be gone
                chat.held.wait(30)
                answer = chat.answers(body) if chat.answers else chat.body
                self.send_response(chat.status)
                for name, value in chat.headers.items():
                    self.send_header(name, value)
                if not chat.endless:
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
                while chat.endless:
                    self.wfile.write(b" " * 65_536)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
