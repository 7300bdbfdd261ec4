"""Addresses of servers as people write them: judged, and shown without what is secret in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

REDIS_SCHEMES = ("redis", "rediss", "unix")
# Up to the last @: a password that was not escaped may hold one, or a slash. A name before it is
# shown where it ends with a colon; alone it may be a token.
CREDENTIALS = re.compile(r"^(?P<scheme>[\w+.-]*://)?(?P<user>[^:@/?#]*:)?.*@", re.DOTALL)
# An @ after a question mark: a password that holds the mark and then the host, or a query. Nobody
# can say which, so nothing of it may be shown.
HOST_OR_QUERY = re.compile(r"\?.*@", re.DOTALL)


def without_secrets(url: str) -> str:
    """An address that may be shown: no password, no token, no query."""
    if HOST_OR_QUERY.search(url):
        return "***"
    place, mark, _ = CREDENTIALS.sub(_hidden, url).partition("?")
    return f"{place}?***" if mark else place


def is_redis_url(url: str) -> bool:
    """Whether Redis's client can read it."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # what is no number is found when it is asked for
    except ValueError:
        return False
    return parts.scheme in REDIS_SCHEMES and bool(parts.hostname or parts.scheme == "unix")


def is_http_url(url: str) -> bool:
    """Whether it can be asked by HTTP as it stands: nothing in it needs escaping any more."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname)


def _hidden(credentials: re.Match[str]) -> str:
    return f"{credentials['scheme'] or ''}{credentials['user'] or ''}***@"
