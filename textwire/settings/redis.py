"""Redis: where results are."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator

from textwire.settings.section import Section
from textwire.urls import is_redis_url


class RedisSettings(Section, section="redis"):
    """Where results are kept for pages to read."""

    url: SecretStr = Field(
        SecretStr(""),
        description="redis://[:password@]host:port/db; empty: as for kafka, or port 6379 here; "
        "with a password in it from the environment or a secret file",
    )

    @field_validator("url")
    @classmethod
    def _readable(cls, url: SecretStr) -> SecretStr:
        if url and not is_redis_url(url.get_secret_value()):
            raise ValueError(
                "must be such as redis://:password@host:6379/0; / ? # and % of a password are "
                "written %2F %3F %23 %25"
            )
        return url
