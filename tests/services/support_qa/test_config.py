from __future__ import annotations

import pytest
from pydantic import ValidationError

from textwire.errors import SettingsError
from textwire.language_model.settings import LanguageModelSettings
from textwire.settings import load


def settings(**chosen: object) -> LanguageModelSettings:
    return LanguageModelSettings(**{"model": "small", **chosen})


def test_by_default_there_is_no_language_model() -> None:
    assert LanguageModelSettings().url == ""


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1/chat/completions"),
        ("https://ai.example/openai/v1", "https://ai.example/openai/v1/chat/completions"),
        ("http://[::1]:8080/v1/chat/completions", "http://[::1]:8080/v1/chat/completions"),
    ],
)
def test_an_address_leads_to_its_completions(url: str, asked: str) -> None:
    assert settings(url=url).completions_url == asked


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "127.0.0.1:11434"},
        {"url": "ftp://127.0.0.1/v1"},
        {"url": "http://me:secret@127.0.0.1/v1"},
        {"url": "http://127.0.0.1/v1?key=secret"},
        {"url": "http://127.0.0.1/v1", "model": ""},
        {"api_key": "two words"},
        {"api_key": "line\n"},
        {"timeout_s": 0},
        {"timeout_s": 61},
    ],
)
def test_what_cannot_be_asked_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        settings(**wrong)


def test_what_does_not_go_together_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_LANGUAGE_MODEL_URL", "http://127.0.0.1/v1")
    with pytest.raises(SettingsError, match=r"language_model: .*set language_model\.model"):
        load(LanguageModelSettings)


def test_the_key_is_not_shown() -> None:
    assert "sk-1" not in repr(settings(api_key="sk-1"))
