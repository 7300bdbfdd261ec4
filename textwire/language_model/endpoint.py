"""One question to an OpenAI-compatible server, such as vLLM, Ollama, llama.cpp or a hosted one.

Source: https://platform.openai.com/docs/api-reference/chat/create, as far as all of them have it.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import httpx2
import msgspec

from textwire.language_model.failures import NotWorded
from textwire.language_model.settings import LanguageModelSettings
from textwire.retry_after import retry_after_s
from textwire.undecodable import NOT_DECODABLE

# Hundreds of times what a few sentences take: a server that sends more does not keep to its limit.
MOST_BYTES = 512 * 1024


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

    async def ask(self, client: httpx2.AsyncClient, messages: Messages) -> Said:
        """Ask once; no redirect is followed.

        Raises: NotWorded: no answer, or one that cannot be read.
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
                return _said(await _whole(answer))
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
            "stream": False,
        } | self._settings.options
        return {name: value for name, value in body.items() if value is not None}


async def _whole(answer: httpx2.Response) -> bytes:
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise NotWorded("too_large", f"its answer is larger than {MOST_BYTES:,} bytes")
    return bytes(body)


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
