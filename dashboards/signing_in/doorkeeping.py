"""Nobody gets to the pages who has not signed in: neither their files nor their connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboards.signing_in.viewer import COOKIE, ViewerCookies
from textwire.access.password_file import Person

SIGN_IN, STYLE = "/sign-in", "/sign-in.css"
# Of a sign-in at a provider: the way there, and the way back.
START, CALLBACK = "/sign-in/start", "/sign-in/callback"
# The way out; and where a provider sends whoever has signed out there too.
SIGN_OUT, SIGNED_OUT = "/sign-out", "/sign-in/signed-out"
# What `textwire up` asks whether the pages are there.
OPEN_TO_ALL = (SIGN_IN, STYLE, START, CALLBACK, SIGNED_OUT, "/_stcore/health")
# RFC 6455 has no better reason than that a policy does not allow it.
NOT_ALLOWED = 1008


class Doorkeeper:
    """Middleware: lets those in whose cookie is one of ours, and sends others to sign in."""

    def __init__(
        self, app: ASGIApp, cookies: ViewerCookies, people: Callable[[], Mapping[str, Person]]
    ) -> None:
        self._app, self._cookies, self._people = app, cookies, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        if scope["type"] == "lifespan" or scope["path"] in OPEN_TO_ALL or self._knows(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": NOT_ALLOWED})
        else:
            await _sent_to_sign_in(scope)(scope, receive, send)

    def _knows(self, scope: Scope) -> bool:
        cookie = HTTPConnection(scope).cookies.get(COOKIE)
        return self._cookies.viewer_of(cookie, self._people()) is not None


def _sent_to_sign_in(scope: Scope) -> Response:
    """A page leads to the sign-in and back; what a page fetches is just refused."""
    if "text/html" not in Headers(scope=scope).get("accept", ""):
        return PlainTextResponse("Sign in first.\n", 401)
    query = scope["query_string"].decode("latin-1")
    wanted = scope["path"] + (f"?{query}" if query else "")
    return RedirectResponse(f"{SIGN_IN}?next={quote(wanted, safe='')}", 303)
