"""Settings of the gateway."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints

from textwire.hosts import LOOPBACK
from textwire.settings import Host, Section

# What browsers send as `Origin`: a scheme and a host, with neither path nor slash at its end.
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+$")]


class GatewaySettings(Section, section="gateway"):
    """How programs and browsers reach the applications over HTTP."""

    host: Host = Field(LOOPBACK, description="address to listen on")
    port: int = Field(8600, ge=0, le=65535, description="port to listen on; 0 takes any")
    allowed_origins: tuple[Origin, ...] = Field(
        (),
        description="origins of the pages that may use it, such as https://www.example.com; pages "
        "of this machine always may while it listens on loopback",
    )
    allowed_hosts: tuple[str, ...] = Field(
        (),
        description="names by which it is called, such as bot.example.com; empty: any, and on "
        "loopback this machine's own",
    )
    session_secret: SecretStr | None = Field(
        None,
        description="what sessions are signed with, 32 characters or more, the same for all "
        "replicas; empty: one is drawn and kept in the data folder",
    )
    session_days: float = Field(
        1.0, gt=0, le=365, description="how long a session's token opens its conversation"
    )
    program_keys: tuple[SecretStr, ...] = Field(
        (),
        description="keys of programs that may ask for lists, as `Authorization: Bearer KEY`; "
        "without any, programs of this machine may while it listens on loopback",
    )
    answer_within_s: float = Field(
        20.0, gt=0, le=120, description="how long a request waits for its answer before it says so"
    )
    questions_per_minute: int = Field(
        20, ge=1, description="questions that one session may send in a minute"
    )
    sessions_per_minute: int = Field(
        30, ge=1, description="sessions that one address may begin in a minute"
    )
    lists_per_minute: int = Field(
        6_000, ge=1, description="lists that one program may ask for in a minute"
    )
    most_streams: int = Field(
        1_000, ge=1, description="conversations that are followed at once, at most"
    )
    trusted_proxies: tuple[str, ...] = Field(
        (), description="addresses of proxies whose `X-Forwarded-For` is believed"
    )
