from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboards.signing_in.doorkeeping import SIGN_OUT
from dashboards.signing_in.provider_routes import ProviderRoutes
from dashboards.signing_in.provider_sign_out import (
    ID_TOKEN_COOKIE,
    MOST_TOKEN_CHARACTERS,
    end_session_address,
)
from dashboards.signing_in.viewer import COOKIE, ViewerCookies

WAY_BACK = "https://desk.example.org/sign-in/signed-out"
END = "https://id.example.org/logout?p=sign_in"


class Metadata:
    """A provider that says this of itself, or is away."""

    client_id = "textwire"

    def __init__(self, **said: Any) -> None:
        self.said = said

    async def load_server_metadata(self) -> dict[str, Any]:
        if not self.said:
            raise httpx2.ConnectError("away")
        return self.said

    async def authorize_redirect(self, request, redirect_uri):
        raise NotImplementedError

    async def authorize_access_token(self, request, *, claims_options):
        raise NotImplementedError


def address(provider: Metadata, hint: str = "a.b.c") -> str | None:
    return asyncio.run(end_session_address(provider, hint, WAY_BACK))


def test_what_the_address_of_a_provider_asks_already_stays() -> None:
    asked = parse_qs(urlsplit(address(Metadata(end_session_endpoint=END)) or "").query)
    assert asked == {
        "p": ["sign_in"],
        "id_token_hint": ["a.b.c"],
        "client_id": ["textwire"],
        "post_logout_redirect_uri": [WAY_BACK],
    }


def test_without_a_token_the_provider_is_told_which_client_it_is() -> None:
    asked = parse_qs(urlsplit(address(Metadata(end_session_endpoint=END), "") or "").query)
    assert "id_token_hint" not in asked
    assert asked["client_id"] == ["textwire"]


@pytest.mark.parametrize(
    "provider",
    [
        Metadata(),
        Metadata(issuer="https://id.example.org"),
        Metadata(end_session_endpoint=7),
        Metadata(end_session_endpoint="javascript:alert(1)"),
    ],
)
def test_where_a_provider_has_no_way_out_the_page_says_that_only_ours_ended(
    provider: Metadata,
) -> None:
    assert address(provider) is None
    cookies = ViewerCookies("a secret of thirty-two characters", 1)
    routes = ProviderRoutes(provider, "Example", "email", None, cookies, dict).routes
    with TestClient(Starlette(routes=routes), follow_redirects=False) as client:
        client.cookies.update({COOKIE: "x", ID_TOKEN_COOKIE: "a.b.c"})
        told = client.get(SIGN_OUT)
    assert told.status_code == 200
    assert "signed out here, and not at Example" in told.text
    taken = [cookie.partition("=")[0] for cookie in told.headers.get_list("set-cookie")]
    assert sorted(taken) == sorted([COOKIE, ID_TOKEN_COOKIE])


def test_a_token_that_no_cookie_holds_is_not_kept() -> None:
    assert MOST_TOKEN_CHARACTERS + len(ID_TOKEN_COOKIE) < 4096
