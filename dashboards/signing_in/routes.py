"""Signing in by name and password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards.signing_in.doorkeeping import SIGN_IN, SIGN_OUT, STYLE
from dashboards.signing_in.sign_in_page import let_in, password_page, sign_out, style
from dashboards.signing_in.viewer import ViewerCookies
from textwire.access.password_file import Person, signed_in

log = structlog.get_logger()

MOST_BYTES = 8 * 1024
WRONG = "Name and password do not fit together."
TOO_OFTEN = "That was tried too often. Wait a minute, then try again."
FROM_ELSEWHERE = "This was sent from another page. Sign in here."
TRIES_A_MINUTE = 10


@dataclass(frozen=True)
class SignInRoutes:
    """What is served beside the pages, for those who have not signed in yet."""

    cookies: ViewerCookies
    people: Callable[[], Mapping[str, Person]]
    tries: MovingWindowRateLimiter

    @classmethod
    def over(
        cls, cookies: ViewerCookies, people: Callable[[], Mapping[str, Person]]
    ) -> SignInRoutes:
        """Routes that count tries anew."""
        return cls(cookies, people, MovingWindowRateLimiter(MemoryStorage()))

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(SIGN_IN, self.ask, methods=["GET"]),
            Route(SIGN_IN, self.sign_in, methods=["POST"]),
            Route(SIGN_OUT, sign_out, methods=["GET"]),
            Route(STYLE, style, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        return password_page(request.query_params.get("next", "/"))

    async def sign_in(self, request: Request) -> Response:
        """Name and password for a cookie."""
        form = await _form(request)
        name, wanted = form.get("name", ""), form.get("next", "/")
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return password_page(wanted, FROM_ELSEWHERE, 403)
        address = request.client.host if request.client else ""
        allowed = RateLimitItemPerMinute(TRIES_A_MINUTE)
        for tried in (f"name {name}", f"address {address}"):
            if not await self.tries.hit(allowed, tried):
                return password_page(wanted, TOO_OFTEN, 429)
        person = await run_in_threadpool(signed_in, self.people(), name, form.get("password", ""))
        if person is None:
            log.warning("a sign-in failed", name=name[:100], address=address)
            return password_page(wanted, WRONG, 401)
        return let_in(request, wanted, self.cookies, person)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, of a bounded body."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}
