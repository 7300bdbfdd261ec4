"""A user's list of scored items, asked for and given in one request."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from dataclasses import dataclass
from uuid import uuid4

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.bearers import ProgramKeys
from services.gateway.bodies import fit, json_response, read_body
from services.gateway.problems import Problem
from services.gateway.rate_limits import RateLimit
from services.gateway.replies import Replies
from services.gateway.support import Send
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.topics import RECS_REQUESTS


def request_of(scored: ScoredList) -> Hashable:
    """Which request a list is the reply to; none where it was pushed."""
    return scored.request_id


@dataclass(frozen=True)
class RecommendationRoutes:
    """What is served under `/v1/recommendations`."""

    send: Send
    lists: Replies[ScoredList]
    programs: ProgramKeys
    limit: RateLimit
    answer_within_s: float

    @property
    def routes(self) -> list[Route]:
        """Where it is found."""
        return [Route("/v1/recommendations", self.score, methods=["POST"])]

    async def score(self, request: Request) -> Response:
        """The list of a user."""
        await self.limit.spend(self.programs.program_of(request))
        wished = await read_body(request, ScoreRequest)
        asked = fit(msgspec.structs.replace(wished, id=uuid4().hex), "asked for")
        with self.lists.reply_to(asked.id) as reply:
            await run_in_threadpool(self.send, RECS_REQUESTS, asked)
            try:
                scored = await asyncio.wait_for(reply, self.answer_within_s)
            except TimeoutError as error:
                raise Problem(
                    504, f"No list came within {self.answer_within_s:g} s. Try again."
                ) from error
        if scored.error:
            raise Problem(422, scored.error)
        # The caller's own id, where they gave one: they know the request by it.
        return json_response(msgspec.structs.replace(scored, request_id=wished.id or asked.id))
