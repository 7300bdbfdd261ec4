from __future__ import annotations

import asyncio
import gzip
from base64 import b64encode
from datetime import UTC, datetime

import pytest

from tests.sentiment_alerts.feeds.feed_server import FeedServer, item, rss
from textwire.sentiment_alerts.feeds.failures import FeedFailed
from textwire.sentiment_alerts.feeds.fetching import FeedFetcher, Fetched, FetchLimits
from textwire.sentiment_alerts.feeds.public_hosts import is_public

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSIDE = FetchLimits(allow_private=True, timeout_s=2.0)
FEED = rss(item())


def fetch(url: str, limits: FetchLimits = INSIDE, **conditions: str) -> Fetched:
    return asyncio.run(FeedFetcher(limits, clock=lambda: NOW).fetch(url, **conditions))


def failure(url: str, limits: FetchLimits = INSIDE) -> FeedFailed:
    with pytest.raises(FeedFailed) as told:
        fetch(url, limits)
    return told.value


def test_a_document_comes_with_what_makes_the_next_request_conditional(server: FeedServer) -> None:
    stamp = "Mon, 02 Mar 2026 09:00:00 GMT"
    url = server.serve(FEED, etag='"v1"', headers={"Last-Modified": stamp})

    first = fetch(url)
    second = fetch(url, etag=first.etag or "", last_modified=first.last_modified or "")

    assert first.body == FEED.encode()
    assert second.body is None
    assert server.asked[1][1]["If-Modified-Since"] == stamp


def test_what_is_packed_on_the_way_or_as_a_file_is_unpacked(server: FeedServer) -> None:
    packed = gzip.compress(FEED.encode())
    on_the_way = server.serve(packed, "/a", headers={"Content-Encoding": "gzip"})
    as_a_file = server.serve(packed, "/b.xml.gz", headers={"Content-Type": "application/gzip"})

    assert fetch(on_the_way).body == fetch(as_a_file).body == FEED.encode()


@pytest.mark.parametrize("encoding", [{}, {"Content-Encoding": "gzip"}])
def test_what_unpacks_to_too_much_is_not_read(server: FeedServer, encoding: dict[str, str]) -> None:
    url = server.serve(gzip.compress(bytes(5_000_000)), headers=encoding)

    told = failure(url, INSIDE._replace(max_bytes=100_000))

    assert "larger than 100,000 bytes" in str(told)


def test_what_is_packed_badly_fails(server: FeedServer) -> None:
    cut_off = gzip.compress(FEED.encode())[:-20]
    broken = gzip.compress(FEED.encode())[:10] + b"\xff" * 50

    assert "cut off" in str(failure(server.serve(cut_off)))
    assert "unpacked" in str(failure(server.serve(broken)))
    assert "DecodingError" in str(
        failure(server.serve(broken, headers={"Content-Encoding": "gzip"}))
    )


def test_no_feed_takes_longer_than_its_time(server: FeedServer) -> None:
    url = server.serve(FEED, wait_s=1.0)

    assert "no answer within 0.2 s" in str(failure(url, INSIDE._replace(timeout_s=0.2)))


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_told(server: FeedServer, status: int) -> None:
    new = server.serve(FEED, "/new")
    old = server.serve("", status=status, headers={"Location": "/new"})

    assert fetch(old) == Fetched(FEED.encode(), "", None, None, new)


def test_a_passing_redirect_is_followed_and_not_remembered(server: FeedServer) -> None:
    server.serve(FEED, "/new")
    passing = server.serve("", status=302, headers={"Location": "/new"})
    # What is permanent behind what passes moves nothing either.
    behind = server.serve("", "/b", status=302, headers={"Location": "/c"})
    server.serve("", "/c", status=301, headers={"Location": "/new"})

    assert fetch(passing).moved_to is None
    assert fetch(behind).moved_to is None


def test_redirects_end(server: FeedServer) -> None:
    url = server.serve("", status=301, headers={"Location": "/rss"})

    assert "more than 5 redirects" in str(failure(url))
    assert len(server.asked) == 6


def test_a_redirect_leaves_no_password_and_no_condition_with_another_server(
    server: FeedServer,
) -> None:
    server.serve(FEED, "/new")
    elsewhere = server.url("/new", host="localhost")
    server.serve("", status=302, headers={"Location": elsewhere})
    url = server.url().replace("http://", "http://reader:s3cret@")

    fetch(url, etag='"v1"')

    (_, here), (_, there) = server.asked
    assert here["Authorization"] == f"Basic {b64encode(b'reader:s3cret').decode()}"
    assert here["If-None-Match"] == '"v1"'
    assert "Authorization" not in there
    assert "If-None-Match" not in there
    assert there["Host"] == f"localhost:{server.port}"


@pytest.mark.parametrize("location", ["file:///etc/passwd", "ftp://127.0.0.1/rss", "http://"])
def test_a_redirect_to_anything_but_the_web_fails(server: FeedServer, location: str) -> None:
    failure(server.serve("", status=302, headers={"Location": location}))


def test_hosts_inside_are_asked_only_where_that_is_allowed(server: FeedServer) -> None:
    url = server.serve(FEED)

    told = failure(url, FetchLimits())

    assert "not on the open web" in str(told)
    assert str(told).count("127.0.0.1") == 1
    assert server.asked == []


def test_a_name_that_leads_inside_is_judged_by_where_it_leads() -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.215.14", "169.254.169.254"]

    with pytest.raises(FeedFailed, match=r"169\.254\.169\.254"):
        asyncio.run(FeedFetcher(resolve=resolve).fetch("https://wire.example/rss"))


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("fe80::1%eth0", False),
    ],
)
def test_which_addresses_are_on_the_open_web(number: str, public: bool) -> None:
    assert is_public(number) is public


def test_a_host_that_asks_to_be_left_alone_says_for_how_long(server: FeedServer) -> None:
    busy = failure(server.serve("", status=429, headers={"Retry-After": "120"}))
    away = failure(
        server.serve("", status=503, headers={"Retry-After": "Mon, 02 Mar 2026 12:01:00 GMT"})
    )

    assert (str(busy), busy.retry_after_s) == ("answered 429", 120)
    assert (str(away), away.retry_after_s) == ("answered 503", 60)


def test_a_server_that_is_not_there_or_speaks_no_http_fails(server: FeedServer) -> None:
    assert "ConnectError" in str(failure("http://127.0.0.1:1/rss"))
    assert "answered 404" in str(failure(server.url("/nothing")))


def test_what_failed_quotes_no_token(server: FeedServer) -> None:
    told = failure("http://127.0.0.1:1/rss?token=s3cret")

    assert "s3cret" not in str(told)
