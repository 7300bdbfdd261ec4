from __future__ import annotations

import asyncio

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from dashboards.signing_in.browser_marks import MARK_COOKIE, BrowserMarks, mark_in

PAGE = {"accept": "text/html,*/*"}


def visited(*visits: dict[str, str], scheme: str = "http") -> list[httpx2.Response]:
    """One browser's visits, by their headers."""

    async def visit() -> list[httpx2.Response]:
        transport = httpx2.ASGITransport(BrowserMarks(PlainTextResponse("a page")))
        async with httpx2.AsyncClient(transport=transport, base_url=f"{scheme}://pages") as client:
            return [await client.get("/", headers=headers) for headers in visits]

    return asyncio.run(visit())


def marked(response: httpx2.Response) -> str:
    """The mark that a response gives."""
    name, _, value = response.headers["set-cookie"].partition(";")[0].partition("=")
    assert name == MARK_COOKIE
    return mark_in(value)


def test_a_browser_keeps_its_mark_and_another_has_another() -> None:
    first, second = (marked(response) for response in visited(PAGE, PAGE))
    assert first == second != ""
    (other,) = visited(PAGE)
    assert marked(other) != first


def test_the_mark_is_for_the_server_alone() -> None:
    (plain,), (secured,) = visited(PAGE), visited(PAGE, scheme="https")
    cookie = plain.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    assert "secure" in secured.headers["set-cookie"].lower()


def test_what_a_page_fetches_brings_no_mark() -> None:
    (fetched,) = visited({"accept": "*/*"})
    assert "set-cookie" not in fetched.headers


def test_a_mark_that_is_none_of_ours_is_replaced() -> None:
    (response,) = visited(PAGE | {"cookie": f"{MARK_COOKIE}=short"})
    assert marked(response)


@pytest.mark.parametrize("cookie", [None, "", "short", "x" * 44, "." * 43])
def test_what_is_no_mark_of_ours_is_none(cookie) -> None:
    assert mark_in(cookie) == ""
