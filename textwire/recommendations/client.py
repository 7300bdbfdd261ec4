"""A request for a user's list through Kafka, and the list: how a program asks for scores."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.topics import RECS_REQUESTS, RECS_SCORES
from textwire.settings import KafkaSettings
from textwire.stream.clients.request_reply import RequestReply, fit_to_send


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
        *,
        context: str | None = None,
        k: int | None = None,
        candidates: Sequence[str] | None = None,
    ) -> ScoredList:
        """The list of a user.

        Args:   context: what the user is after just now, in words.
                candidates: ids of the items to rank; None: of all items.
        Raises: RecordRejected: this is no request; Timeout; BrokerUnavailable.
        """
        request = fit_to_send(
            ScoreRequest(
                id=str(uuid.uuid4()),
                user_id=user_id,
                context=context,
                k=k,
                candidates=None if candidates is None else tuple(candidates),
            ),
            "asked for",
        )
        return self._requests.reply_to(
            request, lambda scored: scored.request_id == request.id, timeout_s
        )
