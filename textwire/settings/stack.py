"""`textwire up`: what it starts, and where."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from textwire.hosts import LOOPBACK
from textwire.settings.section import Host, Section


class StackSettings(Section, section="stack"):
    """What `textwire up` starts, and where."""

    data_dir: Path = Field(
        Path(".textwire"), description="folder for Kafka's and Redis's data, models and logs"
    )
    kafka_port: int = Field(
        9092, ge=1, le=65535, description="wished port; a free one is taken when it is not free"
    )
    redis_port: int = Field(6379, ge=1, le=65535, description="wished port, likewise")
    dashboard_port: int = Field(8501, ge=1, le=65535, description="wished port, likewise")
    gateway_port: int = Field(8600, ge=1, le=65535, description="wished port, likewise")
    host: Host = Field(
        LOOPBACK,
        description="address that the broker, the dashboard and the gateway listen on; Redis, "
        "which has no password, listens on loopback alone",
    )
    kafka_heap_mb: int = Field(256, ge=64, description="the broker's heap")
    restart_silent_after_s: float = Field(
        20.0,
        gt=0,
        description="a service that has failed /livez, or not answered, for so long is killed and "
        "started again",
    )
    samples: bool = Field(True, description="send the sample world's questions, news and shoppers")
    sample_knowledge: bool = Field(
        True, description="load the sample bank's passages, where there are none yet"
    )
    samples_per_minute: float = Field(
        20.0, gt=0, le=1_000_000, description="pace of the sample questions"
    )
    samples_speed: float = Field(
        60.0,
        ge=1,
        le=100_000,
        description="how many times as fast as ours the sample world's time goes, until it has "
        "caught up with ours",
    )
    samples_head_start_hours: float = Field(
        15.0,
        ge=0,
        le=72,
        description="how much of a new sample world is sent at once, so that there is something "
        "to see",
    )
