"""A real HTTP server of feeds, which answers what it is told to and keeps what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    etag: str = ""


@dataclass
class FeedServer:
    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def url(self, path: str = "/rss", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, body: str | bytes, path: str = "/rss", **page: object) -> str:
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = Page(content, **page)  # type: ignore[arg-type]
        return self.url(path)


@contextmanager
def serving() -> Iterator[FeedServer]:
    feeds = FeedServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feeds.asked.append((self.path, dict(self.headers)))
            page = feeds.pages.get(self.path, Page(status=404))
            sleep(page.wait_s)
            if page.etag and self.headers.get("If-None-Match") == page.etag:
                page = Page(status=304)
            with suppress(OSError):  # nobody listens to the end
                self.send_response(page.status)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                if page.etag:
                    self.send_header("ETag", page.etag)
                self.send_header("Content-Length", str(len(page.body)))
                self.end_headers()
                self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    feeds.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield feeds
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def rss(*items: str, channel: str = "<title>Harbour Wire</title>") -> str:
    inner = f"<channel>{channel}{''.join(items)}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0">{inner}</rss>'


def item(title: str = "Strike shuts port", **parts: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in parts.items())
    return f"<item><title>{title}</title>{inner}</item>"
