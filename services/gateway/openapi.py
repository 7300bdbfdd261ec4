"""The description of the gateway, made from its messages.

Source: https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from services.gateway.bodies import JSON
from services.gateway.problems import MEDIA_TYPE, ProblemDetails
from services.gateway.support import Asked, BegunSession, Conversation, Judged, Pending
from textwire import __version__
from textwire.recommendations.messages import ScoredList, ScoreRequest
from textwire.support_qa.messages import Answer
from textwire.support_qa.parts import AnswerPart

Part = dict[str, Any]
SCHEMAS = "#/components/schemas/{name}"
KINDS = (
    Answer,
    AnswerPart,
    Asked,
    BegunSession,
    Conversation,
    Judged,
    Pending,
    ProblemDetails,
    ScoredList,
    ScoreRequest,
)
SESSION: list[Part] = [{"session": []}]
PROGRAM: list[Part] = [{"program": []}]
NOT_LET_IN = {401: "The token is missing, not known, or too old."}
TOO_MUCH = {429: "Too many in a minute; `Retry-After` says when to come back."}
AWAY = {503: "Kafka or Redis is away for a moment."}
UNREADABLE = {
    400: "The body is no JSON of this form.",
    413: "The body is too large.",
    422: "A field holds what it may not; `detail` says what it takes.",
}


@cache
def openapi_json() -> bytes:
    """The document as it is served."""
    return msgspec.json.encode(openapi())


def openapi() -> Part:
    """The document."""
    _, schemas = msgspec.json.schema_components(KINDS, ref_template=SCHEMAS)
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Textwire gateway",
            "version": __version__,
            "description": "Customers ask and follow their conversation; programs ask for lists.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {
            "/v1/support/sessions": {"post": _begin()},
            "/v1/support/questions": {"post": _ask()},
            "/v1/support/feedback": {"post": _judge()},
            "/v1/support/conversation": {"get": _conversation()},
            "/v1/support/events": {"get": _events()},
            "/v1/recommendations": {"post": _score()},
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "session": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The `token` of a session.",
                },
                "program": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A key of `gateway.program_keys`.",
                },
            },
        },
    }


def _begin() -> Part:
    return {
        "operationId": "beginSession",
        "summary": "Begin a conversation",
        "responses": {"201": _json("A new conversation.", BegunSession)}
        | _problems(TOO_MUCH | AWAY),
    }


def _ask() -> Part:
    return {
        "operationId": "ask",
        "summary": "Send a message of the customer",
        "description": "Waits for the answer for `gateway.answer_within_s`; the same `id` sent "
        "again is the same message, and gets its answer once more.",
        "security": SESSION,
        "requestBody": _body(Asked),
        "responses": {
            "200": _json("The bot's answer.", Answer),
            "202": _json("It was taken; the answer will stand in the conversation.", Pending),
        }
        | _problems(NOT_LET_IN | UNREADABLE | TOO_MUCH | AWAY),
    }


def _judge() -> Part:
    return {
        "operationId": "judge",
        "summary": "Say how good an answer was",
        "security": SESSION,
        "requestBody": _body(Judged),
        "responses": {"204": {"description": "It was taken; the last word counts."}}
        | _problems(NOT_LET_IN | UNREADABLE | TOO_MUCH | AWAY),
    }


def _conversation() -> Part:
    return {
        "operationId": "readConversation",
        "summary": "Read what was said",
        "security": SESSION,
        "responses": {"200": _json("What was said, oldest first.", Conversation)}
        | _problems(NOT_LET_IN | AWAY),
    }


def _events() -> Part:
    return {
        "operationId": "followConversation",
        "summary": "Follow a conversation",
        "description": "Server-sent events. `answer` holds an Answer. `refresh` says that the "
        "conversation has to be read again: at the beginning, and where something may be missing. "
        "`part` holds an AnswerPart: the whole sentences so far of an answer that is being worded; "
        "a later one of the same question takes its place, and the answer takes that of all.",
        "security": SESSION,
        "responses": {
            "200": {
                "description": "Events, until either side ends them.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        }
        | _problems(NOT_LET_IN | {503: "Too many conversations are followed just now."}),
    }


def _score() -> Part:
    return {
        "operationId": "scoreItems",
        "summary": "Ask for a user's list",
        "description": "What `recs.requests` takes, and what `recs.scores` gives. `trigger` is "
        "left out.",
        "security": PROGRAM,
        "requestBody": _body(ScoreRequest),
        "responses": {"200": _json("The list.", ScoredList)}
        | _problems(
            NOT_LET_IN
            | UNREADABLE
            | TOO_MUCH
            | AWAY
            | {403: "No program may ask.", 504: "No list came in time."}
        ),
    }


def _body(kind: type) -> Part:
    return {"required": True, "content": {JSON: {"schema": _ref(kind)}}}


def _json(description: str, kind: type) -> Part:
    return {"description": description, "content": {JSON: {"schema": _ref(kind)}}}


def _problems(told: dict[int, str]) -> Part:
    content = {MEDIA_TYPE: {"schema": _ref(ProblemDetails)}}
    return {
        str(status): {"description": description, "content": content}
        for status, description in sorted(told.items())
    }


def _ref(kind: type) -> Part:
    return {"$ref": SCHEMAS.format(name=kind.__name__)}
