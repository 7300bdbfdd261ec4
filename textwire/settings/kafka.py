"""The broker: where it is, and how to be let in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr, field_validator

from textwire.settings.section import Section


class KafkaSettings(Section, section="kafka"):
    """Where the broker is, and how to be let in."""

    bootstrap_servers: str = Field(
        "",
        description="host:port or [::1]:port, comma-separated; empty: what `textwire up` runs, or "
        "port 9092 here",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="how the connection is secured"
    )
    ssl_cafile: str | None = Field(None, description="certificate authority's file for SSL")
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="how to log in, with SASL"
    )
    sasl_username: str | None = Field(None, description="user name for SASL")
    sasl_password: SecretStr | None = Field(
        None, description="password for SASL; from the environment or a secret file"
    )
    # 0.5 s: the client's own waits within a request are of 100 ms.
    answer_timeout_s: float = Field(
        10.0,
        ge=0.5,
        le=300,
        description="how long commands and pages wait for the broker to answer; long enough for "
        "one that is just being restarted",
    )
    replication_factor: int = Field(
        1, ge=1, description="copies of each topic that Textwire creates"
    )
    dead_letter_days: int = Field(
        30,
        ge=1,
        le=36_500,
        description="how long records that could not be used stay on the topics that Textwire "
        "creates; on those that are there: `textwire topics create --keep-days DAYS`",
    )

    @field_validator("bootstrap_servers")
    @classmethod
    def _in_brackets(cls, servers: str) -> str:
        if any(
            one.count(":") > 1 and not one.strip().startswith("[") for one in servers.split(",")
        ):
            raise ValueError("an address of IPv6 stands in brackets, such as [::1]:9092")
        return servers
