"""The doorkeeper and the sign-in together, as a browser meets them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboards.signing_in.doorkeeping import Doorkeeper
from dashboards.signing_in.routes import TRIES_A_MINUTE, SignInRoutes
from dashboards.signing_in.viewer import COOKIE, ViewerCookies
from textwire.access.password_file import Person, new_person

T = TypeVar("T")
PASSWORD = "correct horse battery"
ADA = new_person("ada", frozenset({"analyst"}), PASSWORD)
PAGE = {"accept": "text/html"}


class Pages:
    """Pages behind a sign-in; `people` can change meanwhile."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {"ada": ADA}
        cookies = ViewerCookies("a secret of thirty-two characters", days=1)
        inside = Starlette(
            routes=[
                Route("/", lambda _: PlainTextResponse("the pages")),
                Route("/_stcore/health", lambda _: PlainTextResponse("ok")),
                *SignInRoutes.over(cookies, lambda: self.people).routes,
            ]
        )
        self.app = Doorkeeper(inside, cookies, lambda: self.people)

    def visited(self, visit: Callable[[httpx2.AsyncClient], Awaitable[T]]) -> T:
        async def run() -> T:
            transport = httpx2.ASGITransport(self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://pages") as client:
                return await visit(client)

        return asyncio.run(run())


@pytest.fixture
def pages() -> Pages:
    return Pages()


async def sign_in(client, name="ada", password=PASSWORD, **fields) -> httpx2.Response:
    return await client.post("/sign-in", data={"name": name, "password": password, **fields})


def test_a_page_leads_to_the_sign_in_and_back(pages) -> None:
    async def visit(client) -> None:
        sent = await client.get("/?session=1&x=2", headers=PAGE)
        assert sent.status_code == 303
        asked = await client.get(sent.headers["location"])
        assert 'value="/?session=1&amp;x=2"' in asked.text
        back = await sign_in(client, next="/?session=1&x=2")
        assert (back.status_code, back.headers["location"]) == (303, "/?session=1&x=2")
        assert (await client.get("/", headers=PAGE)).text == "the pages"

    pages.visited(visit)


def test_what_is_no_page_is_refused_without_a_sign_in(pages) -> None:
    async def visit(client) -> None:
        assert (await client.get("/media/picture.png")).status_code == 401
        assert (await client.post("/anything")).status_code == 401
        assert (await client.get("/_stcore/health")).status_code == 200

    pages.visited(visit)


def test_no_connection_is_opened_without_a_sign_in(pages) -> None:
    async def connect() -> list[dict[str, object]]:
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "websocket.connect"}

        async def send(message) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [], "query_string": b""}
        await pages.app(scope, receive, send)
        return sent

    (told,) = asyncio.run(connect())
    assert told["type"] == "websocket.close"


def test_the_cookie_is_for_the_server_alone(pages) -> None:
    signed = pages.visited(sign_in)
    cookie = signed.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(("name", "password"), [("ada", "wrong"), ("bob", PASSWORD), ("", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(pages, name, password) -> None:
    refused = pages.visited(lambda client: sign_in(client, name, password))
    assert refused.status_code == 401
    assert "do not fit together" in refused.text
    assert "set-cookie" not in refused.headers


def test_who_was_removed_is_out_at_once(pages) -> None:
    async def visit(client) -> int:
        await sign_in(client)
        pages.people = {}
        return (await client.get("/")).status_code

    assert pages.visited(visit) == 401


def test_signing_out_takes_the_cookie_back(pages) -> None:
    async def visit(client) -> int:
        await sign_in(client)
        await client.get("/sign-out")
        return (await client.get("/")).status_code

    assert pages.visited(visit) == 401


def test_passwords_are_not_tried_without_end(pages) -> None:
    async def visit(client) -> list[int]:
        return [
            (await sign_in(client, password="x")).status_code for _ in range(TRIES_A_MINUTE + 2)
        ]

    tried = pages.visited(visit)
    assert tried == [401] * TRIES_A_MINUTE + [429] * 2


@pytest.mark.parametrize(
    "wanted", ["https://evil.example", "//evil.example", "/\\evil", "x", "/\n"]
)
def test_nobody_is_sent_elsewhere_by_what_stands_in_an_address(pages, wanted) -> None:
    signed = pages.visited(lambda client: sign_in(client, next=wanted))
    assert signed.headers["location"] == "/"


def test_a_form_of_another_page_signs_nobody_in(pages) -> None:
    async def visit(client) -> httpx2.Response:
        client.headers["Sec-Fetch-Site"] = "cross-site"
        return await sign_in(client)

    assert pages.visited(visit).status_code == 403


def test_hostile_fields_are_shown_as_text(pages) -> None:
    hostile = '/"><script>alert(1)</script>'
    asked = pages.visited(lambda client: client.get("/sign-in", params={"next": hostile}))
    assert "<script>" not in asked.text
    huge = pages.visited(lambda client: sign_in(client, name="x" * 20_000))
    assert huge.status_code == 401
