from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from textwire.errors import SettingsError
from textwire.sentiment_alerts.config import SentimentAlertsSettings, is_signing_secret
from textwire.settings import load

URL = "TEXTWIRE_SENTIMENT_ALERTS_WEBHOOK_URL"
SECRET = "TEXTWIRE_SENTIMENT_ALERTS_WEBHOOK_SECRET"


def secret(key: bytes) -> str:
    return f"whsec_{base64.b64encode(key).decode()}"


def test_the_webhooks_address_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, "https://hooks.example/hunter2")
    assert "hunter2" not in repr(load(SentimentAlertsSettings))
    monkeypatch.setenv(URL, "https://hooks.example/not escaped/hunter2")
    with pytest.raises(SettingsError) as told:
        load(SentimentAlertsSettings)
    assert "hunter2" not in str(told.value)


@pytest.mark.parametrize("url", ["ftp://example.org/x", "file:///etc/passwd", "example.org"])
def test_only_http_is_posted_to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(URL, url)
    with pytest.raises(SettingsError, match="http:// or https://"):
        load(SentimentAlertsSettings)


@given(st.lists(st.binary(min_size=24, max_size=64), max_size=3))
def test_posts_are_signed_by_as_many_secrets_as_are_set(keys: Sequence[bytes]) -> None:
    secrets = [secret(key) for key in keys]
    settings = SentimentAlertsSettings(webhook_secret=SecretStr(" ".join(secrets)))
    assert settings.webhook_secrets == secrets


@given(st.one_of(st.text(), st.binary(max_size=23).map(secret), st.binary(min_size=65).map(secret)))
def test_what_is_no_secret_of_standard_webhooks_is_none(text: str) -> None:
    assert not is_signing_secret(text)


@pytest.mark.parametrize(
    "wrong", ["hunter2", secret(b"hunter2"), f"{secret(bytes(32))} hunter2", "whsec_hunter2!"]
)
def test_a_wrong_secret_is_refused_with_what_to_do_and_not_shown(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET, wrong)
    with pytest.raises(SettingsError, match="openssl rand -base64 32") as told:
        load(SentimentAlertsSettings)
    assert wrong not in str(told.value)
    assert "hunter2" not in str(told.value)


def test_a_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, secret(b"k" * 32))
    assert secret(b"k" * 32) not in repr(load(SentimentAlertsSettings))
