"""What a program is told whose request cannot be served, and what it can send instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from textwire.errors import RecordRejected, RecordSkipped
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.results import refusal_writes, tried_writes
from textwire.recommendations.topics import RECS_REQUESTS
from textwire.stream.attribution import Remains, remains_of
from textwire.stream.dead_letters.letters import MAX_REASON_CHARACTERS
from textwire.stream.processor import Outgoing, Rejected, Result
from textwire.wire.limits import correction, unfit_fields
from textwire.wire.topic import Topic

CORRECTED = "Correct the request and send it again."
SKIPPED = "The request was passed over by an operator. Send another one."
FAILED = (
    "The list could not be made because of an error in the service. "
    "Send the request again later, or another one."
)
# What asks what would be, whatever it holds: see `ScoreRequest.is_trial`.
OF_TRIALS = ("trial", "model", "what_if", "why_not", "trade_off")
NOTHING_SAID = (b"null", b"false", b"[]", b'""')


def refusal(
    rejected: Rejected, model: str, at: datetime, topic_of: Callable[[str | None], Topic]
) -> Result:
    """A list without items in answer to a request that was rejected; nothing where nobody asked.

    Events ask for nothing, and what is to be pushed was asked for by the service itself.

    Args: topic_of: where answers go to whoever asks for them on a topic of that name.
    """
    remains = remains_of(rejected)
    user_id = remains.identifier("user_id") or remains.key
    if user_id is None or not _asks(rejected, remains):
        return Result()
    refused = ScoredList(
        user_id=user_id,
        scores=(),
        model=model,
        scored_at=at,
        request_id=remains.identifier("id") or rejected.record.id,
        error=what_to_send(rejected, remains),
    )
    writes = tried_writes(refused) if _is_trial(remains) else refusal_writes(refused)
    return Result((Outgoing(topic_of(remains.text("reply_to")), refused),), tuple(writes))


def what_to_send(rejected: Rejected, remains: Remains) -> str:
    """Why a request was rejected, and what can be sent instead."""
    if isinstance(rejected.error, RecordSkipped):
        return SKIPPED
    if unfit := unfit_fields(remains.fields, ScoreRequest) if remains.whole else []:
        return f"{correction(unfit, ScoreRequest)}. {CORRECTED}"
    if isinstance(rejected.error, RecordRejected):
        reason = str(rejected.error)[:MAX_REASON_CHARACTERS]
        return f"The request cannot be served: {reason}. {CORRECTED}"
    return FAILED


def _asks(rejected: Rejected, remains: Remains) -> bool:
    topic = rejected.record.partition.topic
    return topic == RECS_REQUESTS.name and remains.text("trigger") != "push"


def _is_trial(remains: Remains) -> bool:
    said = (bytes(remains.fields.get(name, b"null")) for name in OF_TRIALS)
    return any(value not in NOTHING_SAID for value in said)
