"""The application as a web server sees it: routes, who may call them, what errors become."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan

from services.gateway.config import GatewaySettings
from services.gateway.origins import OUR_ORIGINS, OriginGuard
from services.gateway.problems import Problem, problem_response, respond_with_problem
from textwire.errors import Unavailable
from textwire.hosts import LOCALHOST, LOOPBACK, LOOPBACK_6, is_loopback

log = structlog.get_logger()

OURS = (LOCALHOST, LOOPBACK, f"[{LOOPBACK_6}]")
AWAY_S = 2
PREFLIGHT_KEPT_S = 600


def make_application(
    routes: Sequence[BaseRoute],
    settings: GatewaySettings,
    lifespan: Lifespan[Starlette] | None = None,
) -> ASGIApp:
    """The application that answers on these routes."""
    return Starlette(
        routes=list(routes),
        middleware=_middleware(settings),
        exception_handlers={
            Problem: respond_with_problem,
            Unavailable: _respond_away,
            HTTPException: _respond_http,
            Exception: _respond_failed,
        },
        lifespan=lifespan,
    )


def _middleware(settings: GatewaySettings) -> list[Middleware]:
    at_home = is_loopback(settings.host)
    # A page elsewhere may have its own name lead to this machine: what it calls us tells.
    hosts = settings.allowed_hosts or (OURS if at_home else ("*",))
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts), www_redirect=False),
        Middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_origin_regex=OUR_ORIGINS if at_home else None,
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type", "Last-Event-ID"],
            max_age=PREFLIGHT_KEPT_S,
        ),
        Middleware(OriginGuard, allowed=settings.allowed_origins, at_home=at_home),
    ]


async def _respond_away(_request: Request, error: Exception) -> Response:
    log.warning("a request was not served", reason=str(error))
    told = "What this needs is away just now. Nothing is lost; try again in a moment."
    return problem_response(503, told, {"Retry-After": str(AWAY_S)})


async def _respond_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for nothing else
    told = {
        404: "There is nothing at this address. /openapi.json says what there is.",
        405: "This address takes another method. /openapi.json says which.",
    }
    detail = told.get(error.status_code, error.detail)
    return problem_response(error.status_code, detail, dict(error.headers or {}))


async def _respond_failed(_request: Request, error: Exception) -> Response:
    log.error("a request failed", exc_info=error)
    return problem_response(500, "This failed for a reason of ours. It is in the log.")
