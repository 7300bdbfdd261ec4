"""What is read rather than asked: the widget, a page to try it on, the description of all this."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.openapi import openapi_json

WIDGET = "textwire-widget.js"
KEPT_S = 300
# The page runs what we serve, and speaks with us alone.
PAGE_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'"


def page_routes() -> list[Route]:
    """Where they are found."""
    return [
        Route("/", _page("demo.html", "text/html"), methods=["GET"]),
        Route("/widget.js", _page(WIDGET, "text/javascript"), methods=["GET"]),
        Route("/openapi.json", _openapi, methods=["GET"]),
    ]


def _page(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    body = files("services.gateway").joinpath("widget", name).read_bytes()
    headers = {
        "Cache-Control": f"max-age={KEPT_S}",
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
    }

    async def respond(_request: Request) -> Response:
        return Response(body, 200, headers, media_type)

    return respond


async def _openapi(_request: Request) -> Response:
    return Response(openapi_json(), 200, {}, "application/json")
