"""The doorkeeper and a sign-in at a real OpenID provider, as a browser meets them."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboards.config import DashboardSettings
from dashboards.signing_in.doorkeeping import CALLBACK, SIGN_IN, SIGN_OUT, SIGNED_OUT, START
from dashboards.signing_in.guarding import guard_of
from dashboards.signing_in.provider_sign_out import ID_TOKEN_COOKIE
from dashboards.signing_in.viewer import COOKIE
from textwire.access.password_file import person_without_password, write_people

T = TypeVar("T")
PAGE = {"accept": "text/html"}
SECRET = "a secret of thirty-two characters"
READY_WITHIN_S = 60


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "1"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address, deadline = f"http://localhost:{port}", time.monotonic() + READY_WITHIN_S
    while not _answers(address):
        assert server.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield address
    server.terminate()
    server.wait()


def _answers(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/.well-known/openid-configuration").is_success
    except httpx2.HTTPError:
        return False


class Pages:
    """Pages behind a sign-in at a provider, which ada alone may see."""

    def __init__(self, folder, issuer: str, **more: str) -> None:
        self.file, self.issuer = folder / "people", issuer
        ada = person_without_password("ada@example.org", frozenset({"analyst"}))
        write_people(self.file, {ada.name: ada})
        settings = DashboardSettings(
            sign_in="oidc", people=self.file, sign_in_secret=SECRET, oidc_client_id="textwire",
            oidc_client_secret="not told to browsers", oidc_title="Example",
            oidc_metadata_url=f"{issuer}/.well-known/openid-configuration", **more,
        )  # fmt: skip
        guard = guard_of(settings, "0.0.0.0")  # noqa: S104 - nothing listens
        inside = [Route("/", lambda _: PlainTextResponse("the pages"))]
        self.app = Starlette(routes=[*guard.routes, *inside], middleware=guard.middleware)

    def visited(self, visit: Callable[[httpx2.AsyncClient], Awaitable[T]]) -> T:
        async def run() -> T:
            transport = httpx2.ASGITransport(self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://pages") as client:
                return await visit(client)

        return asyncio.run(run())

    async def vouched_for(self, address: str, sub: str, **claims: object) -> str:
        """Where the provider sends somebody back to, who has said there who they are."""
        async with httpx2.AsyncClient() as provider:
            told = {"email": sub, **claims}
            await provider.put(f"{self.issuer}/users/{quote(sub)}", json=told)
            sent = await provider.post(address, data={"sub": sub})
        return sent.headers["location"]


@pytest.fixture
def pages(tmp_path, issuer: str) -> Pages:
    return Pages(tmp_path, issuer)


def test_a_page_leads_to_the_provider_and_back(pages: Pages) -> None:
    async def visit(client) -> None:
        sent = await client.get("/?alert=7", headers=PAGE)
        asked = await client.get(sent.headers["location"])
        assert "Sign in with Example" in asked.text
        assert "password" not in asked.text.lower()
        start = f"{START}?next=%2F%3Falert%3D7"
        assert f'href="{start}"' in asked.text
        there = (await client.get(start)).headers["location"]
        back = await pages.vouched_for(there, "ada@example.org")
        assert back.startswith(f"http://pages{CALLBACK}?")
        done = await client.get(back)
        assert (done.status_code, done.headers["location"]) == (303, "/?alert=7")
        assert (await client.get("/", headers=PAGE)).text == "the pages"

    pages.visited(visit)


def test_the_way_there_has_a_state_a_nonce_and_a_challenge_and_no_secret(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        said = parse_qs(urlsplit(there).query)
        assert {"state", "nonce", "code_challenge"} <= said.keys()
        assert said["code_challenge_method"] == ["S256"]
        assert "not told to browsers" not in there

    pages.visited(visit)


def test_whom_nobody_added_is_told_how_and_stays_outside(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        told = await client.get(await pages.vouched_for(there, "eve@example.org"))
        assert told.status_code == 403
        assert "textwire people add eve@example.org --role ROLE --no-password" in told.text
        assert COOKIE not in client.cookies
        assert (await client.get("/", headers=PAGE)).status_code == 303

    pages.visited(visit)


def test_an_e_mail_that_the_provider_does_not_vouch_for_is_no_name(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        back = await pages.vouched_for(there, "ada@example.org", email_verified=False)
        told = await client.get(back)
        assert told.status_code == 403
        assert "does not say who you are" in told.text

    pages.visited(visit)


def test_a_way_back_that_another_browser_began_is_refused(pages: Pages) -> None:
    async def begin(client) -> str:
        there = (await client.get(START)).headers["location"]
        return await pages.vouched_for(there, "ada@example.org")

    back = pages.visited(begin)

    async def visit(client) -> None:
        told = await client.get(back)
        assert told.status_code == 401
        assert "did not let you in" in told.text
        assert COOKIE not in client.cookies

    pages.visited(visit)


def test_a_code_serves_once(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        back = await pages.vouched_for(there, "ada@example.org")
        assert (await client.get(back)).status_code == 303
        assert (await client.get(back)).status_code == 401

    pages.visited(visit)


def test_who_is_refused_at_the_provider_may_begin_again(pages: Pages) -> None:
    async def visit(client) -> None:
        told = await client.get(f"{CALLBACK}?error=access_denied&error_description=%3Cb%3Eno")
        assert told.status_code == 401
        assert "<b>" not in told.text
        assert "Sign in with Example" in told.text

    pages.visited(visit)


def test_who_was_removed_is_out_at_once(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        await client.get(await pages.vouched_for(there, "ada@example.org"))
        assert (await client.get("/", headers=PAGE)).text == "the pages"
        write_people(pages.file, {})
        assert (await client.get("/", headers=PAGE)).status_code == 303

    pages.visited(visit)


def test_nobody_is_led_to_another_site(pages: Pages) -> None:
    async def visit(client) -> None:
        start = f"{START}?next=https%3A%2F%2Fevil.example"
        there = (await client.get(start)).headers["location"]
        done = await client.get(await pages.vouched_for(there, "ada@example.org"))
        assert done.headers["location"] == "/"

    pages.visited(visit)


def test_behind_a_proxy_the_provider_sends_people_to_its_address(tmp_path, issuer: str) -> None:
    pages = Pages(tmp_path, issuer, public_url="https://desk.example.org/")

    async def visit(client) -> None:
        sent = await client.get(START)
        said = parse_qs(urlsplit(sent.headers["location"]).query)
        assert said["redirect_uri"] == [f"https://desk.example.org{CALLBACK}"]
        assert "secure" in sent.headers["set-cookie"].lower()

    pages.visited(visit)


def test_a_provider_that_is_away_is_said_to_be(tmp_path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pages = Pages(tmp_path, f"http://localhost:{port}")

    async def visit(client) -> None:
        assert (await client.get(SIGN_IN)).status_code == 200
        told = await client.get(START)
        assert told.status_code == 502
        assert "The provider does not answer" in told.text

    pages.visited(visit)


def test_who_signs_out_has_signed_out_at_the_provider_too(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        await client.get(await pages.vouched_for(there, "ada@example.org"))
        out = await client.get(SIGN_OUT)
        address = urlsplit(out.headers["location"])
        asked = parse_qs(address.query)
        assert f"{address.scheme}://{address.netloc}" == pages.issuer
        assert asked["client_id"] == ["textwire"]
        assert asked["post_logout_redirect_uri"] == [f"http://pages{SIGNED_OUT}"]
        assert asked["id_token_hint"][0].count(".") == 2
        assert (await client.get("/", headers=PAGE)).status_code == 303
        async with httpx2.AsyncClient() as provider:
            assert (await provider.get(out.headers["location"])).is_success
            back = await provider.post(
                f"{pages.issuer}/oauth2/end_session/confirm",
                data={"redirect_uri": asked["post_logout_redirect_uri"][0]},
            )
        done = await client.get(back.headers["location"])
        assert "You have signed out, here and at Example." in done.text
        assert "Sign in with Example" in done.text
        assert not client.cookies.get(ID_TOKEN_COOKIE)

    pages.visited(visit)


def test_the_token_for_the_way_out_goes_there_alone_and_no_script_reads_it(pages: Pages) -> None:
    async def visit(client) -> None:
        there = (await client.get(START)).headers["location"]
        done = await client.get(await pages.vouched_for(there, "ada@example.org"))
        (kept,) = [c for c in done.headers.get_list("set-cookie") if c.startswith(ID_TOKEN_COOKIE)]
        assert f"Path={SIGN_OUT};" in kept
        assert "HttpOnly" in kept

    pages.visited(visit)
