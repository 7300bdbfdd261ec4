"""A request for a user's list through Kafka, and the list: how a program asks for scores."""

from __future__ import annotations

import uuid
from typing import TypedDict, Unpack

from textwire.recommendations.messages import FilterValue, Mode, ScoredList, ScoreRequest
from textwire.recommendations.topics import RECS_REQUESTS, RECS_SCORES
from textwire.settings import KafkaSettings
from textwire.stream.clients.request_reply import RequestReply, fit_to_send


class Wishes(TypedDict, total=False):
    """What may be said of a list, as `ScoreRequest` explains it."""

    mode: Mode
    item_id: str | None
    candidates: tuple[str, ...] | None
    k: int | None
    context: str | None
    filters: dict[str, FilterValue]
    exclude: tuple[str, ...]
    exclude_seen: bool
    allow_bought: bool
    offset: int | None
    list_id: str | None
    experiment: str | None


class RecommendationsClient:
    """Asks for one list at a time and waits for it."""

    def __init__(self, source: str, settings: KafkaSettings | None = None) -> None:
        """Connect, and read lists from now on.

        Args:   source: who asks, such as `textwire recs ask`.
        Raises: BrokerUnavailable; UnknownTopic: no service ever ran on this broker.
        """
        self._requests = RequestReply(source, RECS_REQUESTS, RECS_SCORES, ScoredList, settings)

    def close(self) -> None:
        """Let the connections go."""
        self._requests.close()

    def ask(
        self,
        user_id: str,
        timeout_s: float,
        **wishes: Unpack[Wishes],
    ) -> ScoredList:
        """The list of a user.

        Args:   wishes: fields of a request, by their names.
        Raises: RecordRejected: this is no request; Timeout; BrokerUnavailable.
        """
        request = fit_to_send(
            ScoreRequest(id=str(uuid.uuid4()), user_id=user_id, **wishes), "asked for"
        )
        return self._requests.reply_to(
            request, lambda scored: scored.request_id == request.id, timeout_s
        )
