"""The edges of the pages: where results are read, how questions are sent, the time, who looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

import streamlit as st

from dashboards.signing_in.browser_marks import MARK_COOKIE, mark_in
from textwire import addresses
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.stream.clients.sender import Sender
from textwire.stream.clients.shared_sender import SharedSender
from textwire.wire.message import Message
from textwire.wire.topic import Topic

# A page would rather say that Redis is away than stand still.
REDIS_TIMEOUT_S = 2.0


class MessageSender(Protocol):
    """Writes messages to their topics, and raises BrokerUnavailable when it cannot."""

    def send(self, topic: Topic, message: Message) -> None:
        """Returns once the broker has it."""
        ...

    def delete(self, topic: Topic, keys: list[str]) -> None:
        """Let keys of a compacted topic vanish; returns once the broker has that."""
        ...


@dataclass(frozen=True)
class Edges:
    """What a page needs of the world."""

    results: Callable[[], ResultStore]
    sender: Callable[[], MessageSender]
    now: Callable[[], datetime]
    browser: Callable[[], str] = field(default=lambda: mark_in(st.context.cookies.get(MARK_COOKIE)))


def results() -> ResultStore:
    """Where results are read."""
    return _edges.results()


def sender() -> MessageSender:
    """What sends questions.

    Raises: BrokerUnavailable: Kafka does not answer.
    """
    return _edges.sender()


def now() -> datetime:
    """The time, with its zone."""
    return _edges.now()


def browser() -> str:
    """What this browser alone is known by; empty where it keeps no cookies."""
    return _edges.browser()


def use(edges: Edges) -> None:
    """Hand the pages other edges, as tests do."""
    global _edges  # Streamlit runs a page's file itself: nothing can be passed to it
    _edges = edges


@st.cache_resource(show_spinner=False)
def _redis(url: str) -> RedisResults:
    return RedisResults.from_url(url, timeout_s=REDIS_TIMEOUT_S)


@st.cache_resource(show_spinner=False)
def _kafka(bootstrap_servers: str) -> SharedSender[Sender]:  # noqa: ARG001 - one for each address
    return SharedSender(lambda: Sender("textwire dashboard"))


def _now() -> datetime:
    return datetime.now(UTC)


# Addresses are asked each time: `textwire up` may have moved to other ports meanwhile.
LIVE = Edges(
    results=lambda: _redis(addresses.redis_url()),
    sender=lambda: _kafka(addresses.bootstrap_servers()).connected(),
    now=_now,
)
_edges = LIVE
