"""Settings of support QA."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from textwire.settings import Section
from textwire.support_qa.passage_index import CANDIDATES
from textwire.urls import is_http_url

# Those whose stems and stop words the word index knows.
WordLanguage = Literal[
    "danish",
    "dutch",
    "english",
    "finnish",
    "french",
    "german",
    "hungarian",
    "italian",
    "norwegian",
    "portuguese",
    "russian",
    "spanish",
    "swedish",
]


class SupportQaSettings(Section, section="support_qa"):
    """How questions are answered."""

    candidates: int = Field(
        CANDIDATES,
        ge=2,
        le=50,
        description="passages considered for each question; the calibration was fitted with 5",
    )
    reranked: int = Field(
        10,
        ge=0,
        le=50,
        description="passages of each question that a reranker reads, where there is one; 0: none. "
        "Its confidence was calibrated with 10",
    )
    sources: int = Field(3, ge=1, le=10, description="passages shown with an answer, at most")
    threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="least confidence to answer with; empty: the one chosen for the model",
    )
    ask_back_from: float = Field(
        0.05,
        ge=0,
        le=1,
        description="least confidence to ask back with the nearest questions; below it, and from "
        "the second time on, a person takes over",
    )
    words: Path | None = Field(
        None, description="file with all that the bot says of its own; empty: English"
    )
    mask_personal_data: bool = Field(
        True, description="whether account and card numbers, passwords and codes are masked at once"
    )
    turns: int = Field(
        6, ge=0, le=20, description="turns of the session that help to read a follow-up question"
    )
    conversation_days: float = Field(
        1.0,
        gt=0,
        le=365,
        description="how long a conversation stays in Redis after its last question; "
        "`textwire support forget SESSION` erases one at once",
    )
    word_language: WordLanguage = Field(
        "english",
        description="language whose word forms are taken together; Chinese needs no setting",
    )


class LanguageModelSettings(Section, section="language_model"):
    """A language model that words support QA's answers, if any: docs/language-model.md."""

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
