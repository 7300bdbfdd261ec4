"""Which pages may use the gateway: others are refused, not only kept from reading the answer.

CORS tells a browser who may read a response; a request that needs no leave, such as a plain POST,
has been served by then.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.problems import problem_response
from textwire.hosts import LOCALHOST, LOOPBACK, LOOPBACK_6

# Pages of this machine, on whatever port.
OUR_ORIGINS = rf"https?://({LOCALHOST}|{re.escape(LOOPBACK)}|\[{LOOPBACK_6}\])(:\d+)?"
REFUSED = (
    "Pages of {origin} may not use this gateway. Whoever runs it allows them by "
    "`gateway.allowed_origins`."
)


class OriginGuard:
    """Middleware: a request that names an origin is served if its page may use the gateway.

    Programs name none, and pages of the gateway's own name its host.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str], at_home: bool) -> None:
        self._app, self._allowed, self._at_home = app, frozenset(allowed), at_home

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        origin = headers.get("origin")
        if origin is None or self._may(origin, headers.get("host", "")):
            await self._app(scope, receive, send)
            return
        refused = problem_response(403, REFUSED.format(origin=origin[:200]))
        await refused(scope, receive, send)

    def _may(self, origin: str, host: str) -> bool:
        if origin in self._allowed or (self._at_home and re.fullmatch(OUR_ORIGINS, origin)):
            return True
        return urlsplit(origin).netloc == host
