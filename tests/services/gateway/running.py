"""A gateway that is really served, in front of applications that a test makes up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

import httpx2
import uvicorn
from starlette.types import ASGIApp

from services.gateway import recommendations, support
from services.gateway.application import make_application
from services.gateway.bearers import ProgramKeys
from services.gateway.config import GatewaySettings
from services.gateway.pages import page_routes
from services.gateway.rate_limits import RateLimit
from services.gateway.recent import Recent
from services.gateway.recommendations import RecommendationRoutes
from services.gateway.replies import Replies
from services.gateway.service import listen
from services.gateway.sessions import SessionTokens
from services.gateway.support import SupportRoutes
from textwire.hosts import is_loopback
from textwire.recommendations.messages import ScoredList
from textwire.results.memory import MemoryResults
from textwire.support_qa.messages import Answer
from textwire.wire.message import Message
from textwire.wire.topic import Topic

Service = Callable[["Applications", Topic, Message], None]


@dataclass
class Applications:
    """What stands behind a gateway; `service` is told what is sent, and may publish."""

    service: Service = lambda _applications, _topic, _message: None
    results: MemoryResults = field(default_factory=MemoryResults)
    answers: Replies[Answer] = field(
        default_factory=lambda: Replies(support.request_of, lambda answer: answer.session_id)
    )
    lists: Replies[ScoredList] = field(default_factory=lambda: Replies(recommendations.request_of))
    sent: list[Message] = field(default_factory=list)
    loop: asyncio.AbstractEventLoop | None = None

    def send(self, topic: Topic, message: Message) -> None:
        self.sent.append(message)
        self.service(self, topic, message)

    def publish(self, message: Answer | ScoredList) -> None:
        assert self.loop is not None
        replies = self.answers if isinstance(message, Answer) else self.lists
        self.loop.call_soon_threadsafe(replies.deliver, message)

    def miss_something(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.answers.deliver_gap)


def application(behind: Applications, settings: GatewaySettings) -> ASGIApp:
    conversations = SupportRoutes(
        send=behind.send,
        results=behind.results,
        answers=behind.answers,
        tokens=SessionTokens("a secret of thirty-two characters", settings.session_days),
        sessions_limit=RateLimit("sessions", settings.sessions_per_minute),
        questions_limit=RateLimit("messages", settings.questions_per_minute),
        answer_within_s=settings.answer_within_s,
        most_streams=settings.most_streams,
        sent=Recent(100),
    )
    scored = RecommendationRoutes(
        send=behind.send,
        lists=behind.lists,
        programs=ProgramKeys(
            [key.get_secret_value() for key in settings.program_keys],
            open_without=is_loopback(settings.host),
        ),
        limit=RateLimit("lists", settings.lists_per_minute),
        answer_within_s=settings.answer_within_s,
    )
    return make_application([*conversations.routes, *scored.routes, *page_routes()], settings)


@contextmanager
def served(
    behind: Applications, settings: GatewaySettings | None = None
) -> Iterator[httpx2.Client]:
    """A client of a gateway that listens on a port of its own until the end."""
    chosen = settings or GatewaySettings(answer_within_s=5)
    listening = listen("127.0.0.1", 0)
    port = listening.getsockname()[1]
    config = uvicorn.Config(application(behind, chosen), log_config=None)
    server, started = uvicorn.Server(config), Event()

    async def serve() -> None:
        behind.loop = asyncio.get_running_loop()
        started.set()
        await server.serve(sockets=[listening])

    thread = Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            yield client
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)


def begin(client: httpx2.Client) -> dict[str, str]:
    """The headers of a new session."""
    begun = client.post("/v1/support/sessions")
    assert begun.status_code == 201, begun.text
    return {"Authorization": f"Bearer {begun.json()['token']}"}
