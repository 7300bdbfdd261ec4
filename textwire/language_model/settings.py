"""Where a language model is asked, by all who ask one."""

from __future__ import annotations

from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from textwire.settings import Section
from textwire.urls import is_http_url


class LanguageModelSettings(Section, section="language_model"):
    """A language model that words answers, and texts to learn from: docs/language-model.md."""

    url: str = Field(
        "",
        description="an OpenAI-compatible address, such as http://127.0.0.1:11434/v1; empty: none, "
        "and answers are the passages' own sentences",
    )
    model: str = Field("", description="its name, as the server knows it")
    api_key: SecretStr = Field(
        SecretStr(""),
        description="sent as a bearer token; empty: none; from the environment or a secret file",
    )
    timeout_s: float = Field(
        4.0,
        gt=0,
        le=60,
        description="longest time for all questions of one batch together; what is not worded by "
        "then stays in the passages' own sentences. Above stream.rebalance_timeout_s a rebalance "
        "may find the batch unfinished, and it is done again",
    )
    max_tokens: int = Field(300, ge=16, le=4096, description="most tokens of one answer")
    at_once: int = Field(4, ge=1, le=64, description="questions under way at a time, at most")
    options: dict[str, Any] = Field(
        {},
        description="further fields of the request, as JSON; a field that is null is left out",
    )

    @property
    def completions_url(self) -> str:
        """Where it is asked."""
        base = self.url.rstrip("/")
        if base.endswith("/chat/completions"):
            return base
        return f"{base if urlsplit(base).path else base + '/v1'}/chat/completions"

    @field_validator("url")
    @classmethod
    def _plain_address(cls, url: str) -> str:
        if url and not is_http_url(url):
            raise ValueError("must be such as http://127.0.0.1:11434/v1")
        if "@" in urlsplit(url).netloc or urlsplit(url).query:
            raise ValueError("a name, a password or a token does not stand in it, but in api_key")
        return url

    @field_validator("api_key")
    @classmethod
    def _fits_a_header(cls, key: SecretStr) -> SecretStr:
        said = key.get_secret_value()
        if not (said.isascii() and said.isprintable()) or " " in said:
            raise ValueError("has letters that no key has: a blank, a line's end or an accent")
        return key

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.url and not self.model:
            raise ValueError("url is set, but not which model is asked: set language_model.model")
        return self
