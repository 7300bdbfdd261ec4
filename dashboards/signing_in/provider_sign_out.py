"""Signing out at the provider too, where it has a way to: OpenID Connect's RP-initiated logout."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from starlette.requests import Request
from starlette.responses import Response

from dashboards.signing_in.doorkeeping import SIGN_OUT
from dashboards.signing_in.provider import Provider
from textwire.urls import is_http_url

ID_TOKEN_COOKIE = "textwire_id_token"  # noqa: S105 - its name
# Browsers keep 4,096 bytes of a cookie, its name and its attributes among them.
MOST_TOKEN_CHARACTERS = 3_800


async def end_session_address(provider: Provider, id_token: str, way_back: str) -> str | None:
    """Where a browser goes to end its sign-in at the provider; None: it has no such way.

    Args:   id_token: what the provider said of who signs out; empty where it is not known any more:
            it then asks whether that is wanted.
            way_back: a page of ours, which the provider has to know.
    Source: OpenID Connect RP-Initiated Logout 1.0, section 2.
    """
    try:
        metadata = await provider.load_server_metadata()
    except (httpx2.HTTPError, OAuthError, RuntimeError, ValueError):
        return None  # away; whoever signs out is told that they still are signed in there
    endpoint = metadata.get("end_session_endpoint")
    if not isinstance(endpoint, str) or not is_http_url(endpoint):
        return None
    said = {"client_id": provider.client_id, "post_logout_redirect_uri": way_back}
    hint = {"id_token_hint": id_token} if id_token else {}
    parts = urlsplit(endpoint)
    asked = "&".join(filter(None, (parts.query, urlencode(hint | said))))
    return urlunsplit(parts._replace(query=asked, fragment=""))


def keep_id_token(request: Request, response: Response, id_token: object) -> None:
    """Leave the token with the browser that it is about, for the way out alone.

    It opens nothing here. One that is too long is not kept.
    """
    if isinstance(id_token, str) and 0 < len(id_token) <= MOST_TOKEN_CHARACTERS:
        response.set_cookie(
            ID_TOKEN_COOKIE, id_token, path=SIGN_OUT, httponly=True, samesite="lax",
            secure=request.url.scheme == "https",
        )  # fmt: skip
    else:
        forget_id_token(response)


def forget_id_token(response: Response) -> None:
    """Take it back."""
    response.delete_cookie(ID_TOKEN_COOKIE, path=SIGN_OUT, httponly=True, samesite="lax")
