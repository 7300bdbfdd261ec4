"""What a caller is told who cannot be served, as RFC 9457 writes it."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Exception):
    """Why a request is not served, in a sentence for whoever sent it."""

    def __init__(self, status: int, detail: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.retry_after_s = status, detail, retry_after_s


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every response that is an error."""

    title: str
    status: int
    detail: str


async def respond_with_problem(_request: Request, error: Exception) -> Response:
    """The response to a request that raised one."""
    assert isinstance(error, Problem)  # noqa: S101 - it is registered for nothing else
    wait = error.retry_after_s
    headers = {} if wait is None else {"Retry-After": str(wait)}
    return problem_response(error.status, error.detail, headers)


def problem_response(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem as a response."""
    body = ProblemDetails(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return Response(msgspec.json.encode(body), status, headers, MEDIA_TYPE)
