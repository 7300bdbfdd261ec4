"""The page that asks who is there, what it looks like, and the way in and out."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboards.rendering import render
from dashboards.signing_in.doorkeeping import SIGN_IN, START, STYLE
from dashboards.signing_in.viewer import COOKIE, ViewerCookies
from dashboards.theme import FONT, colours
from textwire.access.password_file import Person

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
}


def password_page(wanted: str, problem: str = "", status: int = 200) -> Response:
    """The page that asks for name and password, and leads to what was wanted."""
    html = render(
        "signing_in/sign_in.html", wanted=within(wanted), problem=problem, told="", action=SIGN_IN,
        style=STYLE,
    )  # fmt: skip
    return HTMLResponse(html, status, HEADERS)


def provider_page(
    wanted: str, title: str, problem: str = "", status: int = 200, told: str = ""
) -> Response:
    """The page that leads to a provider, called `title`, and from there to what was wanted.

    Args: problem: what went wrong. told: what went well.
    """
    start = f"{START}?next={quote(within(wanted), safe='')}"
    html = render(
        "signing_in/sign_in_at_provider.html", start=start, provider=title, problem=problem,
        told=told, style=STYLE,
    )  # fmt: skip
    return HTMLResponse(html, status, HEADERS)


def let_in(request: Request, wanted: str, cookies: ViewerCookies, person: Person) -> Response:
    """Send somebody who has signed in to what they wanted, with the cookie that says who it is."""
    response = RedirectResponse(within(wanted), 303)
    response.set_cookie(
        COOKIE, cookies.cookie_of(person), max_age=cookies.lasts_s, httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response


async def sign_out(_request: Request) -> Response:
    """Take the cookie back."""
    return without_cookie(RedirectResponse(SIGN_IN, 303))


def without_cookie(response: Response) -> Response:
    """The same, which takes the cookie back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response


async def style(_request: Request) -> Response:
    """What the page looks like."""
    rules = Path(__file__).with_name("sign_in.css").read_text(encoding="utf-8")
    return Response(f"{colours()}\nbody {{ font-family: {FONT}; }}\n{rules}", media_type="text/css")


def within(wanted: str) -> str:
    """A page of ours: nobody is sent elsewhere by what stands in an address."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and wanted.isprintable() else "/"
