"""One question to an OpenAI-compatible server, such as vLLM, Ollama, llama.cpp or a hosted one.

Its words are read as they come. A server that does not stream, whatever it is asked, is read too.

Sources: https://platform.openai.com/docs/api-reference/chat/create and .../chat-streaming, as far
as all of them have it.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any, NamedTuple

import httpx2
import msgspec

from textwire.language_model.event_stream import event_data
from textwire.language_model.failures import NotWorded
from textwire.language_model.settings import LanguageModelSettings
from textwire.retry_after import retry_after_s
from textwire.undecodable import NOT_DECODABLE

# Hundreds of times what a few sentences take: a server that sends more does not keep to its limit.
MOST_BYTES = 512 * 1024
# Around each token some 250 bytes are sent, and of tokens 4,096 at most.
MOST_STREAMED_BYTES = 4 * 1024 * 1024
END = b"[DONE]"

Heard = Callable[[str], None]
"""Told all that the model has said so far, whenever that is more."""


Messages = tuple[tuple[str, str], ...]
"""Roles and what they say."""


class Said(NamedTuple):
    """What a model said; `cut_off` where it was stopped before its end."""

    text: str
    cut_off: bool


class Reply(msgspec.Struct):
    """Of a choice: its words, or that there are none."""

    content: str | None = None
    refusal: str | None = None


class Choice(msgspec.Struct):
    """One of the replies."""

    message: Reply
    finish_reason: str | None = None


class Completion(msgspec.Struct):
    """The body of an answer, as far as it is read."""

    choices: tuple[Choice, ...]


class ChoicePart(msgspec.Struct):
    """What was added to one of the replies."""

    delta: Reply = msgspec.field(default_factory=Reply)
    finish_reason: str | None = None
    index: int = 0


class CompletionPart(msgspec.Struct):
    """One event of a stream, as far as it is read; one that counts tokens has no choices."""

    choices: tuple[ChoicePart, ...]


class Endpoint:
    """Where a language model is asked. A connection lasts for a batch."""

    def __init__(self, settings: LanguageModelSettings, clock: Callable[[], datetime]) -> None:
        """Nothing is asked yet."""
        self._settings = settings
        self._clock = clock
        # Where there is no TLS no certificates are read, which would take a while.
        is_https = settings.url.startswith("https:")
        self._tls = (
            ssl.create_default_context() if is_https else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        )

    def client(self) -> httpx2.AsyncClient:
        """What connects, for the questions of one batch; no time limit of its own."""
        # Nothing comes from the environment: no proxy, no password for the host.
        return httpx2.AsyncClient(verify=self._tls, timeout=None, trust_env=False)

    async def ask(
        self, client: httpx2.AsyncClient, messages: Messages, heard: Heard = lambda _: None
    ) -> Said:
        """Ask once; no redirect is followed.

        Args:   heard: told what was said so far, as it comes.
        Raises: NotWorded: no answer, or one that cannot be read; also after a part was heard.
        """
        try:
            async with client.stream(
                "POST",
                self._settings.completions_url,
                content=msgspec.json.encode(self._body(messages)),
                headers=self._headers(),
            ) as answer:
                if not answer.is_success:
                    # Its body may quote what was sent.
                    wait_s = retry_after_s(answer.headers, self._clock())
                    told = f"it answered {answer.status_code}"
                    raise NotWorded("http_error", told, wait_s)
                if _is_streamed(answer):
                    return await _said_in_parts(_bounded(answer, MOST_STREAMED_BYTES), heard)
                return _said(b"".join([piece async for piece in _bounded(answer, MOST_BYTES)]))
        except httpx2.ConnectError as error:
            raise NotWorded("unreachable", f"no connection: {error}") from None
        except httpx2.HTTPError as error:
            raise NotWorded("unreachable", f"no answer in HTTP: {type(error).__name__}") from None

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "User-Agent": "textwire"}
        if key := self._settings.api_key.get_secret_value():
            headers["Authorization"] = f"Bearer {key}"
        return headers

    def _body(self, messages: Messages) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._settings.model,
            "messages": [{"role": role, "content": said} for role, said in messages],
            "max_tokens": self._settings.max_tokens,
            # The likeliest words: nothing here asks for invention, and the same is said again.
            "temperature": 0,
            "stream": True,
        } | self._settings.options
        return {name: value for name, value in body.items() if value is not None}


def _is_streamed(answer: httpx2.Response) -> bool:
    kind: str = answer.headers.get("Content-Type", "")
    return kind.partition(";")[0].strip().lower() == "text/event-stream"


async def _bounded(answer: httpx2.Response, most_bytes: int) -> AsyncIterator[bytes]:
    length = 0
    async for piece in answer.aiter_bytes():
        length += len(piece)
        if length > most_bytes:
            raise NotWorded("too_large", f"its answer is larger than {most_bytes:,} bytes")
        yield piece


async def _said_in_parts(pieces: AsyncIterator[bytes], heard: Heard) -> Said:
    text, finish = "", None
    async for data in event_data(pieces):
        if data == END:
            break
        part = _part(data)
        if part.delta.refusal or part.finish_reason == "content_filter":
            raise NotWorded("refused", "it refused to answer")
        finish = part.finish_reason or finish
        if part.delta.content:
            text += part.delta.content
            heard(text)
    if finish is None:
        raise NotWorded("malformed", "its answer broke off")
    return Said(text, finish == "length")


def _part(data: bytes) -> ChoicePart:
    try:
        choices = msgspec.json.decode(data, type=CompletionPart).choices
    except NOT_DECODABLE:
        raise NotWorded("malformed", "a part of its answer is no chat completion") from None
    return next((one for one in choices if one.index == 0), ChoicePart())


def _said(body: bytes) -> Said:
    try:
        choices = msgspec.json.decode(body, type=Completion).choices
    except NOT_DECODABLE:
        raise NotWorded("malformed", "its answer is no chat completion in JSON") from None
    if not choices:
        raise NotWorded("malformed", "its answer has no choices")
    reply, finish = choices[0].message, choices[0].finish_reason
    if reply.refusal or finish == "content_filter":
        raise NotWorded("refused", "it refused to answer")
    return Said(reply.content or "", finish == "length")
