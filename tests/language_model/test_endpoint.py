"""What comes of one question, whatever the server does. The server is a real one."""

from __future__ import annotations

import asyncio
import json
import socket
from datetime import UTC, datetime

import pytest

from tests.language_model.chat_server import ChatServer, completion
from textwire.language_model.endpoint import MOST_BYTES, Endpoint, Said
from textwire.language_model.failures import NotWorded
from textwire.language_model.settings import LanguageModelSettings

PROMPT = (("system", "Answer."), ("user", "Where is my card?"))


def ask(url: str, **settings: object) -> Said:
    chosen = LanguageModelSettings(url=url, model="small", **settings)
    endpoint = Endpoint(chosen, lambda: datetime(2026, 1, 2, tzinfo=UTC))

    async def once() -> Said:
        async with endpoint.client() as client, asyncio.timeout(10):
            return await endpoint.ask(client, PROMPT)

    return asyncio.run(once())


def failure(url: str) -> NotWorded:
    with pytest.raises(NotWorded) as told:
        ask(url)
    return told.value


def test_a_question_is_asked_as_all_such_servers_understand_it(chat: ChatServer) -> None:
    chat.says("Tap Card.")
    said = ask(chat.url, api_key="sk-1", max_tokens=50, options={"seed": 3, "temperature": None})
    assert said == Said("Tap Card.", cut_off=False)
    ((path, headers, body),) = chat.asked
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer sk-1"
    assert body == {
        "model": "small",
        "messages": [
            {"role": "system", "content": "Answer."},
            {"role": "user", "content": "Where is my card?"},
        ],
        "max_tokens": 50,
        "stream": True,
        "seed": 3,
    }


def test_without_a_key_none_is_sent(chat: ChatServer) -> None:
    ask(chat.url)
    assert "Authorization" not in chat.asked[0][1]


def test_what_was_cut_off_is_said_to_be(chat: ChatServer) -> None:
    chat.body = completion("Tap Card. It takes", finish="length")
    assert ask(chat.url) == Said("Tap Card. It takes", cut_off=True)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_an_error_or_a_redirect_is_no_answer(chat: ChatServer, status: int) -> None:
    chat.status, chat.headers = status, {"Location": chat.url, "Retry-After": "7"}
    chat.body = b'{"error": "your key sk-1 and the question Where is my card?"}'
    told = failure(chat.url)
    assert (told.reason, told.retry_after_s) == ("http_error", 7)
    assert str(told) == f"it answered {status}"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>busy</html>",
        b'{"choices": []}',
        b'{"choices": [{}]}',
        b'{"choices": [{"message": {"content": 7}}]}',
        b"[" * 100_000,
        b"\xff\xfe",
        completion("Tap Card.")[:-9],
    ],
)
def test_what_is_no_completion_is_malformed(chat: ChatServer, body: bytes) -> None:
    chat.body = body
    assert failure(chat.url).reason == "malformed"


@pytest.mark.parametrize(
    "body",
    [
        completion(None, refusal="I cannot help with that."),
        completion("", finish="content_filter"),
    ],
)
def test_a_refusal_is_one(chat: ChatServer, body: bytes) -> None:
    chat.body = body
    assert failure(chat.url).reason == "refused"


def test_nothing_said_is_nothing(chat: ChatServer) -> None:
    chat.body = json.dumps({"choices": [{"message": {"role": "assistant"}}]}).encode()
    assert ask(chat.url).text == ""


def test_an_answer_without_end_is_not_read_to_its_end(chat: ChatServer) -> None:
    chat.endless = True
    told = failure(chat.url)
    assert told.reason == "too_large"
    assert f"{MOST_BYTES:,}" in str(told)


def test_where_nobody_listens_it_is_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        told = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
    assert told.reason == "unreachable"


def test_what_is_no_http_is_unreachable(chat: ChatServer) -> None:
    assert failure(chat.url.replace("http:", "https:")).reason == "unreachable"
