"""Who sends a request: `Authorization: Bearer ...` (RFC 6750)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from starlette.requests import Request

from services.gateway.problems import Problem

SCHEME = "bearer"


def bearer_of(request: Request) -> str:
    """The token that a request carries.

    Raises: Problem: 401, it carries none.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != SCHEME or not token.strip():
        raise Problem(401, "This needs the header `Authorization: Bearer TOKEN`.")
    return token.strip()


class ProgramKeys:
    """The keys of programs that may ask for lists."""

    def __init__(self, keys: Sequence[str], *, open_without: bool) -> None:
        """`open_without`: whether everybody may while there are no keys."""
        self._keys = [key.encode() for key in keys]
        self._open_without = open_without

    def program_of(self, request: Request) -> str:
        """Who asks: a name to count by, which does not give the key away.

        Raises: Problem: 401 or 403, they may not.
        """
        if not self._keys:
            if self._open_without:
                return "local"
            raise Problem(403, "Lists are given to programs with a key, and none is configured.")
        token = bearer_of(request).encode()
        same = [hmac.compare_digest(token, key) for key in self._keys]
        if not any(same):
            raise Problem(401, "This key is not known.")
        return f"program-{same.index(True)}"
