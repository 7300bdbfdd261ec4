"""An address is judged before it is used, and never shown with what is secret in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textwire.urls import is_http_url, is_redis_url, without_secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("redis://:hunter2@host:6379/0", "redis://:***@host:6379/0"),
        ("rediss://app:hunter2@[::1]:6379/0", "rediss://app:***@[::1]:6379/0"),
        ("redis://hunter2@host", "redis://***@host"),
        ("redis://host/0?password=hunter2&db=1", "redis://host/0?***"),
        (":hunter2@host:6379", ":***@host:6379"),
        ("redis://:hunt/er2@host:6379/0", "redis://:***@host:6379/0"),
        ("redis://host/0?password=hun@ter2", "***"),
        ("redis://:hunt?er2@host", "***"),
        ("s3://models", "s3://models"),
        ("one:9092,two:9092", "one:9092,two:9092"),
        ("/var/lib/textwire/models", "/var/lib/textwire/models"),
    ],
)
def test_an_address_is_shown_without_what_is_secret(url: str, shown: str) -> None:
    assert without_secrets(url) == shown


@given(before=st.text(), after=st.text(), scheme=st.sampled_from(["redis://", "sftp://", ""]))
def test_no_password_is_shown_whatever_signs_it_has(before: str, after: str, scheme: str) -> None:
    shown = without_secrets(f"{scheme}app:{before}hunter2{after}@host:1/0?token={after}hunter2")
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    "url", ["redis://host", "rediss://:a%2Fb@host:1/0", "redis://[::1]:6379/0", "unix:///run/redis"]
)
def test_what_redis_can_read_is_a_redis_url(url: str) -> None:
    assert is_redis_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://host", "host:6379", "redis://:a/b@host:1/0", "redis://host:port", "redis://[1/0"],
)
def test_what_redis_cannot_read_is_none(url: str) -> None:
    assert not is_redis_url(url)


@pytest.mark.parametrize("url", ["https://host/x?token=1", "http://[::1]:8080/"])
def test_a_web_address_is_one_as_it_stands(url: str) -> None:
    assert is_http_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host",
        "host",
        "http://",
        "http://host:port",
        "http://host/a b",
        "http://host/\n",
        "http://host/é",
    ],
)
def test_what_would_have_to_be_escaped_is_none(url: str) -> None:
    assert not is_http_url(url)
