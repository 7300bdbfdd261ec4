"""What a program is told whose request cannot be served, and what it can send instead."""

from __future__ import annotations

from datetime import datetime

from textwire.errors import RecordRejected, RecordSkipped
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.recommendations.results import refusal_writes
from textwire.recommendations.topics import RECS_REQUESTS, RECS_SCORES
from textwire.stream.attribution import Remains, remains_of
from textwire.stream.dead_letters.letters import MAX_REASON_CHARACTERS
from textwire.stream.processor import Outgoing, Rejected, Result
from textwire.wire.limits import correction, unfit_fields

CORRECTED = "Correct the request and send it again."
SKIPPED = "The request was passed over by an operator. Send another one."
FAILED = (
    "The list could not be made because of an error in the service. "
    "Send the request again later, or another one."
)


def refusal(rejected: Rejected, model: str, at: datetime) -> Result:
    """A list without items in answer to a request that was rejected; nothing where nobody asked.

    Events ask for nothing, and what is to be pushed was asked for by the service itself.
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
    return Result((Outgoing(RECS_SCORES, refused),), tuple(refusal_writes(refused)))


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
