"""A customer's conversation: begun, asked in, read again, followed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import uuid4

import msgspec
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.gateway.bearers import bearer_of
from services.gateway.bodies import fit, json_response, read_body
from services.gateway.problems import Problem
from services.gateway.rate_limits import RateLimit
from services.gateway.recent import Recent
from services.gateway.replies import Replies
from services.gateway.sessions import SessionTokens
from textwire.errors import Unavailable
from textwire.results.store import ResultStore
from textwire.support_qa.feedback_results import read_customers_feedback
from textwire.support_qa.messages import (
    Answer,
    Feedback,
    FeedbackKind,
    Question,
    Source,
    Turn,
)
from textwire.support_qa.parts import AnswerPart, read_parts_of
from textwire.support_qa.results import read_answer, read_answers, read_turns
from textwire.support_qa.topics import SUPPORT_FEEDBACK, SUPPORT_QUESTIONS
from textwire.wire.message import Message
from textwire.wire.topic import Topic

Send = Callable[[Topic, Message], None]

# Proxies close connections on which nothing is said for a minute.
PING_EVERY_S = 15
# How long a browser waits before it connects again.
RECONNECT_MS = 1_000


class BegunSession(msgspec.Struct, frozen=True, kw_only=True):
    """A new conversation. Whoever has the token can read it and go on with it."""

    session_id: str
    token: str
    expires_at: datetime


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message of the customer. The same `id` sent twice is one message."""

    text: str
    id: str | None = None
    language: str | None = None


class Judged(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the customer thinks of an answer."""

    question_id: str
    kind: Literal["helpful", "unhelpful", "corrected"]
    text: str | None = None


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was taken; its answer will stand in the conversation."""

    question_id: str
    session_id: str
    outcome: str = "pending"


class SaidTurn(msgspec.Struct, frozen=True, kw_only=True):
    """One utterance; the bot's with what it rests on."""

    role: str
    text: str
    at: datetime
    question_id: str | None = None
    outcome: str | None = None
    choices: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    by: str | None = None  # the colleague who wrote it
    judged: FeedbackKind | None = None  # what the customer thought of it


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """What was said, oldest first."""

    session_id: str
    turns: tuple[SaidTurn, ...]


def request_of(answer: Answer) -> Hashable:
    """Which question an answer is to: ids are the sender's own, each within its sessions."""
    return answer.session_id, answer.question_id


@dataclass(frozen=True)
class SupportRoutes:
    """What is served under `/v1/support`."""

    send: Send
    results: ResultStore
    answers: Replies[Answer]
    tokens: SessionTokens
    sessions_limit: RateLimit
    questions_limit: RateLimit
    answer_within_s: float
    most_streams: int
    sent: Recent[Hashable]

    @property
    def routes(self) -> list[Route]:
        """Where each is found."""
        return [
            Route("/v1/support/sessions", self.begin, methods=["POST"]),
            Route("/v1/support/questions", self.ask, methods=["POST"]),
            Route("/v1/support/feedback", self.judge, methods=["POST"]),
            Route("/v1/support/conversation", self.conversation, methods=["GET"]),
            Route("/v1/support/events", self.events, methods=["GET"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Begin a conversation."""
        await self.sessions_limit.spend(request.client.host if request.client else "")
        session_id, token = self.tokens.begin()
        until = datetime.now(UTC) + timedelta(seconds=self.tokens.lasts_s)
        begun = BegunSession(session_id=session_id, token=token, expires_at=until)
        return json_response(begun, 201)

    async def ask(self, request: Request) -> Response:
        """Send a message and wait for the bot's, for a while."""
        session_id = self._session_of(request)
        await self.questions_limit.spend(session_id)
        asked = await read_body(request, Asked)
        question = fit(
            Question(
                id=asked.id or uuid4().hex,
                session_id=session_id,
                text=asked.text.strip(),
                language=asked.language,
                asked_at=datetime.now(UTC),
            ),
            "asked",
        )
        answer = await self._answer_to(question)
        if answer is not None:
            return json_response(answer)
        return json_response(Pending(question_id=question.id or "", session_id=session_id), 202)

    async def judge(self, request: Request) -> Response:
        """Say how good an answer was; the last word counts."""
        session_id = self._session_of(request)
        await self.questions_limit.spend(session_id)
        judged = await read_body(request, Judged)
        if judged.kind == "corrected" and not judged.text:
            raise Problem(422, "A correction needs `text`: what is right instead.")
        feedback = fit(
            Feedback(
                question_id=judged.question_id,
                session_id=session_id,
                kind=judged.kind,
                text=judged.text,
                at=datetime.now(UTC),
            ),
            "sent",
        )
        await run_in_threadpool(self.send, SUPPORT_FEEDBACK, feedback)
        return Response(status_code=204)

    async def conversation(self, request: Request) -> Response:
        """What was said so far."""
        session_id = self._session_of(request)
        return json_response(await run_in_threadpool(self._conversation, session_id))

    async def events(self, request: Request) -> Response:
        """Follow a conversation: `answer` for each, `refresh` where it has to be read anew.

        `part` is how an answer begins that is being worded.
        """
        session_id = self._session_of(request)
        if self.answers.streams >= self.most_streams:
            raise Problem(503, "Too many conversations are followed just now.", retry_after_s=5)
        return EventSourceResponse(self._events(session_id), ping=PING_EVERY_S)

    def _session_of(self, request: Request) -> str:
        return self.tokens.session_of(bearer_of(request))

    async def _answer_to(self, question: Question) -> Answer | None:
        """The answer to a question, which is sent unless it was; None where it takes too long."""
        asked = question.session_id, question.id
        if answer := await self._stored(question):
            return answer
        with self.answers.reply_to(asked) as reply:
            if self.sent.add(asked):
                try:
                    await run_in_threadpool(self.send, SUPPORT_QUESTIONS, question)
                except BaseException:
                    self.sent.discard(asked)
                    raise
            try:
                return await asyncio.wait_for(reply, self.answer_within_s)
            except TimeoutError:
                return await self._stored(question)

    async def _stored(self, question: Question) -> Answer | None:
        return await run_in_threadpool(
            read_answer, self.results, question.session_id, question.id or ""
        )

    def _conversation(self, session_id: str) -> Conversation:
        turns = read_turns(self.results, session_id)
        ids = [turn.question_id for turn in turns if turn.role == "bot" and turn.question_id]
        answers = read_answers(self.results, session_id, ids)
        judged = read_customers_feedback(self.results, session_id, ids)
        said = tuple(
            _said(turn, answers.get(turn.question_id or ""), judged.get(turn.question_id or ""))
            for turn in turns
        )
        return Conversation(session_id=session_id, turns=said)

    async def _events(self, session_id: str) -> AsyncIterator[ServerSentEvent]:
        with self.answers.stream_of(session_id) as answers:
            yield ServerSentEvent(event="refresh", data="{}", retry=RECONNECT_MS)
            for part in await run_in_threadpool(self._parts, session_id):
                yield _event(part)
            while True:
                yield _event(await answers.get())

    def _parts(self, session_id: str) -> list[AnswerPart]:
        """What was shown before anybody followed; nothing where it cannot be read."""
        try:
            return read_parts_of(self.results, [session_id])
        except Unavailable:
            return []


def _event(said: Answer | AnswerPart | None) -> ServerSentEvent:
    if said is None:
        return ServerSentEvent(event="refresh", data="{}")
    data = msgspec.json.encode(said).decode()
    if isinstance(said, AnswerPart):
        return ServerSentEvent(event="part", data=data)
    return ServerSentEvent(event="answer", data=data, id=said.question_id)


def _said(turn: Turn, answer: Answer | None, judged: FeedbackKind | None) -> SaidTurn:
    is_bots = turn.role == "bot"
    return SaidTurn(
        role=turn.role,
        text=turn.text,
        at=turn.at,
        question_id=turn.question_id,
        outcome=turn.outcome if is_bots else None,
        choices=turn.choices,
        sources=answer.sources if is_bots and answer else (),
        by=turn.by,
        judged=judged if is_bots else None,
    )
