"""A mark for each browser, by which a conversation knows the one that it was begun in."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MARK_COOKIE = "textwire_browser"
MARK_BYTES = 32
MARK = re.compile(r"[A-Za-z0-9_-]{43}")
# As long as a handoff stands: until then somebody may still come back to the customer.
KEPT_S = 30 * 24 * 60 * 60


class BrowserMarks:
    """Middleware: a browser that opens a page gets a cookie that nobody can guess, or read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        is_page = scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", "")
        if not is_page:
            await self._app(scope, receive, send)
            return
        cookie = _cookie(scope)

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("set-cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_marked)


def mark_in(cookie: str | None) -> str:
    """The mark that a browser sent; empty where it sent none of ours."""
    return cookie if cookie and MARK.fullmatch(cookie) else ""


def _cookie(scope: Scope) -> str:
    """The same mark for another while, or a new one."""
    mark = mark_in(HTTPConnection(scope).cookies.get(MARK_COOKIE))
    marked = Response()
    marked.set_cookie(
        MARK_COOKIE, mark or secrets.token_urlsafe(MARK_BYTES), max_age=KEPT_S, httponly=True,
        samesite="lax", secure=scope["scheme"] == "https",
    )  # fmt: skip
    return marked.headers["set-cookie"]
