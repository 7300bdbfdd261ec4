"""An OpenID provider, asked who somebody is: OpenID Connect's code flow, by authlib."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response

from dashboards.config import DashboardSettings
from textwire.access.password_file import Person
from textwire.errors import SettingsError

NAME = "textwire"
DISCOVERY = "/.well-known/openid-configuration"


class Provider(Protocol):
    """What is used of authlib's client."""

    client_id: str

    async def load_server_metadata(self) -> dict[str, Any]:
        """Its addresses and what it can do."""
        ...

    async def authorize_redirect(self, request: Request, redirect_uri: str) -> Response:
        """The way to it; what the way back is checked with stands in the session."""
        ...

    async def authorize_access_token(
        self, request: Request, *, claims_options: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The tokens for the code of a way back; `userinfo` has the checked claims."""
        ...


def provider_of(settings: DashboardSettings) -> Provider:
    """The provider of the settings; it is asked for its keys and addresses at the first sign-in.

    Source: OpenID Connect Core 1.0, with PKCE (RFC 7636) by S256.
    Raises: SettingsError: something is not said, or authlib is not installed.
    """
    address, client = settings.oidc_metadata_url or "", settings.oidc_client_id
    if not client or not address.endswith(DISCOVERY):
        raise SettingsError(
            "TEXTWIRE_DASHBOARD_SIGN_IN=oidc needs TEXTWIRE_DASHBOARD_OIDC_CLIENT_ID, and "
            f"TEXTWIRE_DASHBOARD_OIDC_METADATA_URL with an address that ends in {DISCOVERY}."
        )
    if find_spec("authlib") is None:
        raise SettingsError(
            'TEXTWIRE_DASHBOARD_SIGN_IN=oidc needs authlib: pip install "textwire[oidc]".'
        )
    from authlib.integrations.starlette_client import OAuth

    secret = settings.oidc_client_secret
    provider: Provider = OAuth().register(
        NAME,
        server_metadata_url=address,
        client_id=client,
        client_secret=secret.get_secret_value() if secret else None,
        client_kwargs={"scope": settings.oidc_scope, "code_challenge_method": "S256"},
    )
    return provider


async def accepted_claims(provider: Provider) -> dict[str, Any]:
    """What a token has to say: that it comes from this provider, and is for these pages."""
    metadata = await provider.load_server_metadata()
    return {
        "iss": {"essential": True, "value": metadata["issuer"]},
        "aud": {"essential": True, "value": provider.client_id},
    }


def name_in(claims: Mapping[str, object], claim: str) -> str:
    """Who it is; empty where the provider does not say, or does not vouch for the e-mail."""
    name = claims.get(claim)
    # Some providers write it as a text.
    if claim == "email" and claims.get("email_verified") in (False, "false", "False"):
        return ""
    return name if isinstance(name, str) else ""


def known_person(people: Mapping[str, Person], name: str) -> Person | None:
    """The person of this name, in whatever case: providers differ in how they write an e-mail."""
    if name in people:
        return people[name]
    alike = [person for known, person in people.items() if known.casefold() == name.casefold()]
    return alike[0] if len(alike) == 1 else None
