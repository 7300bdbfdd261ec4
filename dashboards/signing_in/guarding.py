"""What stands before the pages: marks for browsers, and unless they are open, a doorkeeper."""

from __future__ import annotations

from typing import NamedTuple

from starlette.middleware import Middleware
from starlette.routing import Route

from dashboards.config import DashboardSettings
from dashboards.signing_in.access import cookies_of, people_of, require_allowed, secret_of
from dashboards.signing_in.browser_marks import BrowserMarks
from dashboards.signing_in.doorkeeping import Doorkeeper
from dashboards.signing_in.routes import SignInRoutes


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
    return Guard(SignInRoutes.over(cookies, people).routes, [keeper, marks])
