"""A real HTTP server that takes posts, and answers what it is told to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

import msgspec

from textwire.sentiment_alerts.messages import Alert

Answer: TypeAlias = "int | Callable[[BaseHTTPRequestHandler], None]"


@dataclass(frozen=True)
class Post:
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def alert(self) -> Alert:
        return msgspec.json.decode(self.body, type=Alert)


@dataclass
class Pager:
    """`answers` are given one by one, then `usual` for ever.

    about  alerts of other tests, on the same broker, whose id lacks this are taken and forgotten.
    """

    address: str = ""
    usual: Answer = 204
    answers: list[Answer] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    about: str = ""

    @property
    def url(self) -> str:
        return f"http://{self.address}/alerts?team=1"

    @property
    def alert_ids(self) -> list[str]:
        return [post.alert.id for post in self.posts]

    def took(self, post: Post) -> Answer:
        if self.about and self.about not in post.alert.id:
            return 204
        self.posts.append(post)
        return self.answers.pop(0) if self.answers else self.usual


@contextmanager
def listening(pager: Pager) -> Iterator[Pager]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = pager.took(Post(self.path, self.headers, body))
            with suppress(OSError):  # nobody listens to the end
                (answer if callable(answer) else with_headers(answer))(self)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    pager.address = f"127.0.0.1:{server.server_port}"
    try:
        yield pager
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_headers(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()

    return answer
