"""What stands before the pages: marks for browsers, and unless they are open, a doorkeeper."""

from __future__ import annotations

from typing import NamedTuple

from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route

from dashboards.config import DashboardSettings
from dashboards.signing_in.access import (
    People,
    cookies_of,
    people_of,
    require_allowed,
    secret_of,
)
from dashboards.signing_in.browser_marks import BrowserMarks
from dashboards.signing_in.doorkeeping import SIGN_IN, Doorkeeper
from dashboards.signing_in.provider import provider_of
from dashboards.signing_in.routes import SignInRoutes
from dashboards.signing_in.viewer import ViewerCookies

SESSION_COOKIE = "textwire_sign_in"
# Long enough to look for a second factor.
SESSION_S = 15 * 60


class Guard(NamedTuple):
    """Routes beside the pages, and middleware before them."""

    routes: list[Route]
    middleware: list[Middleware]


def guard_of(settings: DashboardSettings, host: str) -> Guard:
    """What the settings ask for.

    Args:   host: the address that the pages listen on.
    Raises: SettingsError: the pages would be open to others, or the sign-in is not set up.
    """
    require_allowed(settings, host)
    marks = Middleware(BrowserMarks)
    if settings.sign_in == "open":
        secret_of(settings)  # one that cannot be kept is told now, not to the first who comes
        return Guard([], [marks])
    cookies, people = cookies_of(settings), people_of(settings)
    people()  # a file that cannot be read is told now, not to the first who comes
    keeper = Middleware(Doorkeeper, cookies=cookies, people=people)
    if settings.sign_in == "passwords":
        return Guard(SignInRoutes.over(cookies, people).routes, [keeper, marks])
    return Guard(_provider_routes(settings, cookies, people), [keeper, _session(settings), marks])


def _provider_routes(
    settings: DashboardSettings, cookies: ViewerCookies, people: People
) -> list[Route]:
    provider = provider_of(settings)
    # Stands on authlib, which only those have who asked for it.
    from dashboards.signing_in.provider_routes import ProviderRoutes

    return ProviderRoutes(
        provider, settings.oidc_title, settings.oidc_claim, settings.public_url, cookies, people
    ).routes


def _session(settings: DashboardSettings) -> Middleware:
    """What a browser keeps between the way to the provider and the way back, signed."""
    return Middleware(
        SessionMiddleware, secret_key=secret_of(settings), session_cookie=SESSION_COOKIE,
        max_age=SESSION_S, path=SIGN_IN, same_site="lax",
        https_only=(settings.public_url or "").startswith("https:"),
    )  # fmt: skip
