"""One polite request for a feed: conditional, bounded in bytes, seconds and redirects."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Callable, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from typing import NamedTuple

import httpx2

from textwire import __version__
from textwire.retry_after import retry_after_s
from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.public_hosts import Resolve, reachable_number, resolve

GZIP = b"\x1f\x8b"
PERMANENT = {301, 308}
REDIRECTS = {301, 302, 303, 307, 308}
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class FetchLimits(NamedTuple):
    """What a feed may cost.

    max_bytes       of its document, unpacked.
    timeout_s       for all of it, redirects included.
    most_redirects  in a row.
    allow_private   whether hosts may be asked that are not on the open web.
    """

    max_bytes: int = 10 * 1024 * 1024
    timeout_s: float = 20.0
    most_redirects: int = 5
    allow_private: bool = False


class Fetched(NamedTuple):
    """An answer. `body` is None where nothing has changed; `moved_to` where it is for good."""

    body: bytes | None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None


class FeedFetcher:
    """Asks for feeds; nothing comes from the environment, no proxy and no password."""

    def __init__(
        self,
        limits: FetchLimits | None = None,
        resolve: Resolve = resolve,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Nothing is asked yet."""
        self._limits = limits or FetchLimits()
        self._resolve, self._clock = resolve, clock
        self._tls = ssl.create_default_context()

    async def fetch(
        self, url: str, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """What stands at an address, unless it is as it was.

        Args:   etag, last_modified: as the last answer had them.
        Raises: FeedFailed.
        """
        unchanged = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in unchanged.items() if value}
        try:
            async with (
                asyncio.timeout(self._limits.timeout_s),
                httpx2.AsyncClient(verify=self._tls, timeout=None, trust_env=False) as client,
            ):
                return await self._follow(client, httpx2.URL(url), conditions)
        except TimeoutError:
            raise FeedFailed(f"no answer within {self._limits.timeout_s:g} s") from None
        except httpx2.InvalidURL:
            raise FeedFailed("its address, or one it leads to, is none") from None
        except httpx2.HTTPError as error:
            # By its name: what it says may quote the address, and with it a token.
            raise FeedFailed(f"no answer in HTTP: {type(error).__name__}") from error

    async def _follow(
        self, client: httpx2.AsyncClient, url: httpx2.URL, conditions: Mapping[str, str]
    ) -> Fetched:
        origin, is_permanent, moved_to = _origin(url), True, None
        for _ in range(self._limits.most_redirects + 1):
            async with aclosing(await self._ask(client, url, conditions)) as answer:
                target = answer.headers.get("Location")
                if answer.status_code not in REDIRECTS or target is None:
                    return await self._read(answer, moved_to)
                is_permanent = is_permanent and answer.status_code in PERMANENT
            # Of what was said to one server nothing is said to another, nor is a password.
            url = url.join(target)
            if _origin(url) != origin:
                conditions = {}
            moved_to = str(url) if is_permanent else moved_to
        raise FeedFailed(f"more than {self._limits.most_redirects} redirects")

    async def _ask(
        self, client: httpx2.AsyncClient, url: httpx2.URL, conditions: Mapping[str, str]
    ) -> httpx2.Response:
        if url.scheme not in ("http", "https") or not url.host:
            raise FeedFailed("its address, or one it leads to, is neither http nor https")
        number = await reachable_number(
            url.host,
            url.port or (443 if url.scheme == "https" else 80),
            allow_private=self._limits.allow_private,
            resolve=self._resolve,
        )
        request = client.build_request(
            "GET",
            url.copy_with(host=number, fragment=None),
            headers={
                "Host": url.netloc.decode(),
                "Accept": ACCEPT,
                "User-Agent": f"textwire/{__version__}",
                **conditions,
            },
            extensions={"sni_hostname": url.host},
        )
        return await client.send(request, stream=True)

    async def _read(self, answer: httpx2.Response, moved_to: str | None) -> Fetched:
        headers = answer.headers
        if answer.status_code == 304:
            return Fetched(None, moved_to=moved_to)
        if not answer.is_success:
            wait_s = retry_after_s(headers, self._clock())
            raise FeedFailed(f"answered {answer.status_code}", wait_s)
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            self._check_size(len(body))
        return Fetched(
            self._unpacked(bytes(body)),
            headers.get("Content-Type", ""),
            headers.get("ETag"),
            headers.get("Last-Modified"),
            moved_to,
        )

    def _unpacked(self, body: bytes) -> bytes:
        """A file that was packed before it was served, and is not said to be."""
        if not body.startswith(GZIP):
            return body
        try:
            unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
            unpacked = unpacking.decompress(body, self._limits.max_bytes + 1)
        except zlib.error as error:
            raise FeedFailed(f"it is packed, and cannot be unpacked: {error}") from error
        self._check_size(len(unpacked))
        if not unpacking.eof:
            raise FeedFailed("it is packed, and cannot be unpacked: it is cut off")
        return unpacked

    def _check_size(self, size: int) -> None:
        if size > self._limits.max_bytes:
            raise FeedFailed(f"it is larger than {self._limits.max_bytes:,} bytes")


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
