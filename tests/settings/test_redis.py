from __future__ import annotations

import pytest

from tests.settings.told import message
from textwire.settings import RedisSettings, load


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", "redis://:hidden@host:1/0")
    assert "hidden" not in repr(load(RedisSettings))


@pytest.mark.parametrize(
    "url", ["redis://:hid/den@host:1/0", "redis://:hidden@host:port", "hidden"]
)
def test_a_redis_url_that_cannot_be_read_is_told_without_it(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_REDIS_URL", url)
    told = message(RedisSettings)
    assert "redis.url: Value error, must be such as redis://:password@host:6379/0" in told
    assert not {"hid", "den", "hidden"} & set(told.replace("/", " ").split())
