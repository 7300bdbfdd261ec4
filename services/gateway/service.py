"""Wiring: where it listens, whom it asks, what it follows."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

from services.gateway import recommendations, support
from services.gateway.application import make_application
from services.gateway.bearers import ProgramKeys
from services.gateway.config import GatewaySettings
from services.gateway.following import TopicFollower
from services.gateway.pages import page_routes
from services.gateway.part_following import LOOK_EVERY_S, PartFollower
from services.gateway.rate_limits import RateLimit
from services.gateway.recent import Recent
from services.gateway.recommendations import RecommendationRoutes
from services.gateway.replies import Replies
from services.gateway.sessions import SessionTokens
from services.gateway.support import SupportRoutes
from textwire.access.kept_secrets import checked_secret, kept_secret
from textwire.addresses import redis_url
from textwire.errors import PortTaken
from textwire.hosts import family_of, is_loopback
from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.recommendations.messages import ScoredList
from textwire.recommendations.topics import RECS_SCORES
from textwire.results.redis import RedisResults
from textwire.settings import ServiceSettings, StackSettings, StreamSettings, load
from textwire.stream.clients.sender import Sender
from textwire.stream.clients.shared_sender import SharedSender
from textwire.stream.running import watching_itself
from textwire.support_qa.messages import Answer
from textwire.support_qa.topics import SUPPORT_ANSWERS
from textwire.wire.message import Message
from textwire.wire.topic import Topic

NAME = "gateway"
SECRET_VARIABLE = "TEXTWIRE_GATEWAY_SESSION_SECRET"  # noqa: S105 - its name
SENT_REMEMBERED = 100_000
ENDS_WITHIN_S = 3

log = structlog.get_logger()


def main() -> None:
    """Serve until told to stop.

    Raises: SettingsError, PortTaken.
    """
    settings, service, stream = load(GatewaySettings), load(ServiceSettings), load(StreamSettings)
    metrics = ServiceMetrics(NAME, service.replica, Health())
    results = RedisResults.from_url(redis_url())
    endpoints = Endpoints(
        service.host, service.port, metrics.health, metrics.registry, metrics.liveness
    )
    listening = listen(settings.host, settings.port)
    sender = SharedSender(lambda: Sender("textwire gateway"))
    watching = watching_itself(results, metrics, str, service, stream)
    log.info("started", port=endpoints.port, gateway_port=listening.getsockname()[1])
    for part in watching:
        part.start()
    try:
        serve(gateway(settings, metrics, results, sender), settings, listening)
    finally:
        for part in watching:
            part.stop()
        endpoints.close()
        log.info("stopped")


def gateway(
    settings: GatewaySettings,
    metrics: ServiceMetrics,
    results: RedisResults,
    sender: SharedSender[Sender],
) -> ASGIApp:
    """The application with all that it stands on.

    Raises: SettingsError: a secret is too short, or cannot be kept.
    """

    def send(topic: Topic, message: Message) -> None:
        sender.connected().send(topic, message)

    answers: Replies[Answer] = Replies(support.request_of, lambda answer: answer.session_id)
    lists: Replies[ScoredList] = Replies(recommendations.request_of)
    conversations = SupportRoutes(
        send=send,
        results=results,
        answers=answers,
        tokens=SessionTokens(session_secret(settings), settings.session_days),
        sessions_limit=RateLimit("sessions", settings.sessions_per_minute),
        questions_limit=RateLimit("messages", settings.questions_per_minute),
        answer_within_s=settings.answer_within_s,
        most_streams=settings.most_streams,
        sent=Recent(SENT_REMEMBERED),
    )
    scored = RecommendationRoutes(
        send=send,
        lists=lists,
        programs=ProgramKeys(
            [key.get_secret_value() for key in settings.program_keys],
            open_without=is_loopback(settings.host),
        ),
        limit=RateLimit("lists", settings.lists_per_minute),
        answer_within_s=settings.answer_within_s,
    )

    routes = [*conversations.routes, *scored.routes, *page_routes()]
    return make_application(routes, settings, _following(answers, lists, results, metrics))


def _following(
    answers: Replies[Answer],
    lists: Replies[ScoredList],
    results: RedisResults,
    metrics: ServiceMetrics,
) -> Callable[[ASGIApp], AbstractAsyncContextManager[None]]:
    """What follows answers and lists for as long as the application runs."""

    @asynccontextmanager
    async def following(_app: ASGIApp) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        followers = (
            TopicFollower(SUPPORT_ANSWERS, Answer, answers, loop),
            TopicFollower(RECS_SCORES, ScoredList, lists, loop),
        )
        parts = PartFollower(results, answers, loop)
        tasks = [
            *(_followed(follower, metrics) for follower in followers),
            PeriodicTask(
                "answer parts", parts.look, LOOK_EVERY_S, metrics.health, metrics.liveness
            ),
        ]
        for task in tasks:
            task.start()
        yield
        for task in tasks:
            task.stop()

    return following


def session_secret(settings: GatewaySettings) -> str:
    """What sessions are signed with.

    Raises: SettingsError: it is too short, or cannot be kept.
    """
    if settings.session_secret is None:
        return kept_secret(load(StackSettings).data_dir, NAME, SECRET_VARIABLE)
    return checked_secret(settings.session_secret.get_secret_value(), SECRET_VARIABLE)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises: PortTaken.
    """
    listening = socket.socket(family_of(host))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # who comes before the server is ready waits for it
    except OSError as error:
        listening.close()
        raise PortTaken(
            f"Port {port} of {host} cannot be listened on ({error}). Set TEXTWIRE_GATEWAY_PORT to "
            "a free one, or TEXTWIRE_GATEWAY_HOST to an address of this machine."
        ) from error
    return listening


def serve(app: ASGIApp, settings: GatewaySettings, listening: socket.socket) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    # The server raises the signal once more when it has ended, for whoever handled it before.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=ENDS_WITHIN_S,
        )
    )
    server.run(sockets=[listening])


def _followed(
    follower: TopicFollower[Answer] | TopicFollower[ScoredList], metrics: ServiceMetrics
) -> PeriodicTask:
    return PeriodicTask(
        follower.name,
        follower.look,
        0.0,
        metrics.health,
        metrics.liveness,
        needed=True,
        at_end=follower.close,
    )
