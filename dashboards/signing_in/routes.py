"""The page that asks for name and password, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import structlog
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboards.rendering import render
from dashboards.signing_in.doorkeeping import SIGN_IN, STYLE
from dashboards.signing_in.viewer import COOKIE, ViewerCookies
from dashboards.theme import FONT, colours
from textwire.access.password_file import Person, signed_in

log = structlog.get_logger()

SIGN_OUT = "/sign-out"
MOST_BYTES = 8 * 1024
WRONG = "Name and password do not fit together."
TOO_OFTEN = "That was tried too often. Wait a minute, then try again."
FROM_ELSEWHERE = "This was sent from another page. Sign in here."
TRIES_A_MINUTE = 10
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
}


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
            Route(SIGN_OUT, self.sign_out, methods=["GET"]),
            Route(STYLE, _style, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page."""
        return _page(request.query_params.get("next", "/"))

    async def sign_in(self, request: Request) -> Response:
        """Name and password for a cookie."""
        form = await _form(request)
        name, wanted = form.get("name", ""), form.get("next", "/")
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return _page(wanted, FROM_ELSEWHERE, 403)
        address = request.client.host if request.client else ""
        allowed = RateLimitItemPerMinute(TRIES_A_MINUTE)
        for tried in (f"name {name}", f"address {address}"):
            if not await self.tries.hit(allowed, tried):
                return _page(wanted, TOO_OFTEN, 429)
        person = await run_in_threadpool(signed_in, self.people(), name, form.get("password", ""))
        if person is None:
            log.warning("a sign-in failed", name=name[:100], address=address)
            return _page(wanted, WRONG, 401)
        response = RedirectResponse(_within(wanted), 303)
        response.set_cookie(
            COOKIE, self.cookies.cookie_of(person), max_age=self.cookies.lasts_s, httponly=True,
            samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        return response

    async def sign_out(self, _request: Request) -> Response:
        """Take the cookie back."""
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response


async def _style(_request: Request) -> Response:
    rules = Path(__file__).with_name("sign_in.css").read_text(encoding="utf-8")
    return Response(f"{colours()}\nbody {{ font-family: {FONT}; }}\n{rules}", media_type="text/css")


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form, of a bounded body."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: values[0] for name, values in fields.items()}


def _within(wanted: str) -> str:
    """A page of ours: nobody is sent elsewhere by what stands in an address."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and wanted.isprintable() else "/"


def _page(wanted: str, problem: str = "", status: int = 200) -> Response:
    html = render(
        "signing_in/sign_in.html", wanted=_within(wanted), problem=problem, action=SIGN_IN,
        style=STYLE,
    )  # fmt: skip
    return HTMLResponse(html, status, HEADERS)
