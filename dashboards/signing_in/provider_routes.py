"""Signing in at an OpenID provider: the way there, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import httpx2
import structlog
from authlib.integrations.base_client.errors import OAuthError
from joserfc.errors import JoseError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboards.signing_in.doorkeeping import CALLBACK, SIGN_IN, START, STYLE
from dashboards.signing_in.provider import Provider, accepted_claims, known_person, name_in
from dashboards.signing_in.sign_in_page import (
    SIGN_OUT,
    let_in,
    provider_page,
    sign_out,
    style,
    within,
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
            Route(SIGN_OUT, sign_out, methods=["GET"]),
            Route(STYLE, style, methods=["GET"]),
        ]

    async def ask(self, request: Request) -> Response:
        """The page, with a button that leads to the provider."""
        return provider_page(request.query_params.get("next", "/"), self.title)

    async def start(self, request: Request) -> Response:
        """To the provider, with a state, a nonce and a challenge that the session remembers."""
        request.session[WANTED] = within(request.query_params.get("next", "/"))
        try:
            return await self.provider.authorize_redirect(request, self._way_back(request))
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
        return let_in(request, wanted, self.cookies, person)

    def _way_back(self, request: Request) -> str:
        base = self.public_url or str(request.base_url)
        return base.rstrip("/") + CALLBACK

    def _told(
        self, request: Request, problem: str, status: int, error: Exception | None = None
    ) -> Response:
        address = request.client.host if request.client else ""
        log.warning("a sign-in failed", problem=problem, address=address, error=str(error or ""))
        wanted = str(request.session.get(WANTED, "/"))
        return provider_page(wanted, self.title, problem, status)
