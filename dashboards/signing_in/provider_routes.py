"""Signing in at an OpenID provider: the way there, the way back, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2
import structlog
from authlib.integrations.base_client.errors import OAuthError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dashboards.signing_in.doorkeeping import (
    CALLBACK,
    SIGN_IN,
    SIGN_OUT,
    SIGNED_OUT,
    START,
    STYLE,
)
from dashboards.signing_in.provider import Provider, accepted_claims, known_person, name_in
from dashboards.signing_in.provider_sign_out import (
    ID_TOKEN_COOKIE,
    end_session_address,
    forget_id_token,
    keep_id_token,
)
from dashboards.signing_in.sign_in_page import (
    let_in,
    provider_page,
    style,
    within,
    without_cookie,
)
from dashboards.signing_in.viewer import ViewerCookies
from textwire.access.password_file import Person

log = structlog.get_logger()

WANTED = "wanted"  # in the session, between the way there and the way back
AWAY = (
    "The provider does not answer. Try again. Whoever runs this finds its address in "
    "TEXTWIRE_DASHBOARD_OIDC_METADATA_URL, and what was wrong in the log."
)
REFUSED = "The provider did not let you in. Begin again."
NAMELESS = "The provider does not say who you are: it gave no {claim} that it vouches for."
OUT = "You have signed out, here and at {title}."
OUT_HERE_ALONE = (
    "You have signed out here, and not at {title}: whoever uses this browser may sign in again "
    "without a password. Sign out there too where others use it."
)
UNKNOWN = (
    "{name} is known to the provider, and not here. Whoever runs this adds you by: "
    "textwire people add {name} --role ROLE --no-password"
)


@dataclass(frozen=True)
class ProviderRoutes:
    """What is served beside the pages, for those who have not signed in yet."""

    provider: Provider
    title: str
    claim: str
    public_url: str | None
    cookies: ViewerCookies
    people: Callable[[], Mapping[str, Person]]

    @property
    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(SIGN_IN, self.ask, methods=["GET"]),
            Route(START, self.start, methods=["GET"]),
            Route(CALLBACK, self.come_back, methods=["GET"]),
            Route(SIGN_OUT, self.sign_out, methods=["GET"]),
            Route(SIGNED_OUT, self.signed_out, methods=["GET"]),
            Route(STYLE, style, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page, with a button that leads to the provider."""
        return provider_page(request.query_params.get("next", "/"), self.title)

    async def start(self, request: Request) -> Response:
        """To the provider, with a state, a nonce and a challenge that the session remembers."""
        request.session[WANTED] = within(request.query_params.get("next", "/"))
        try:
            return await self.provider.authorize_redirect(
                request, self._address_of(CALLBACK, request)
            )
        except (httpx2.HTTPError, OAuthError, RuntimeError, ValueError) as error:
            return self._told(request, AWAY, 502, error)

    async def come_back(self, request: Request) -> Response:
        """A code for a token, a token for a name, a name for a cookie."""
        wanted = str(request.session.get(WANTED, "/"))
        try:
            accepted = await accepted_claims(self.provider)
            token = await self.provider.authorize_access_token(request, claims_options=accepted)
        except (OAuthError, JoseError, ValueError, KeyError) as error:
            return self._told(request, REFUSED, 401, error)
        except (httpx2.HTTPError, RuntimeError) as error:
            return self._told(request, AWAY, 502, error)
        name = name_in(token.get("userinfo") or {}, self.claim)
        if not name:
            return self._told(request, NAMELESS.format(claim=self.claim), 403)
        person = known_person(self.people(), name)
        if person is None:
            return self._told(request, UNKNOWN.format(name=name[:100]), 403)
        request.session.clear()
        response = let_in(request, wanted, self.cookies, person)
        keep_id_token(request, response, token.get("id_token"))
        return response

    async def sign_out(self, request: Request) -> Response:
        """Out here, and on to the provider where it has a way out; else the page says so."""
        id_token = request.cookies.get(ID_TOKEN_COOKIE, "")
        way_back = self._address_of(SIGNED_OUT, request)
        there = await end_session_address(self.provider, id_token, way_back)
        told = OUT_HERE_ALONE.format(title=self.title)
        response = RedirectResponse(there, 303) if there else self._page(told)
        forget_id_token(response)
        return without_cookie(response)

    async def signed_out(self, _request: Request) -> Response:
        """The page for those who come back from the provider."""
        return self._page(OUT.format(title=self.title))

    def _page(self, told: str) -> Response:
        return provider_page("/", self.title, told=told)

    def _address_of(self, path: str, request: Request) -> str:
        base = self.public_url or str(request.base_url)
        return base.rstrip("/") + path

    def _told(
        self, request: Request, problem: str, status: int, error: Exception | None = None
    ) -> Response:
        address = request.client.host if request.client else ""
        log.warning("a sign-in failed", problem=problem, address=address, error=str(error or ""))
        wanted = str(request.session.get(WANTED, "/"))
        return provider_page(wanted, self.title, problem, status)
