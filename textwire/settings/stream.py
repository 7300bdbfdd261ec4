"""The loop of every service."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from textwire.settings.section import Section


class StreamSettings(Section, section="stream"):
    """How every service reads, retries and stops."""

    delivery: Literal["exactly_once", "at_least_once"] = Field(
        "exactly_once",
        description="results and offsets in one Kafka transaction, or offsets after results",
    )
    linger_ms: float = Field(
        2.0, ge=0, le=1000, description="how long a batch that is not full waits for more records"
    )
    max_batch_tokens: int = Field(
        4096, ge=1, description="estimated tokens in one batch that a model reads, at most"
    )
    max_batch_records: int = Field(
        256, ge=1, le=10_000, description="records in one batch, at most"
    )
    max_buffered_records: int = Field(
        512, ge=1, description="records of one partition that wait here before nothing more is read"
    )
    fetch_max_wait_ms: int = Field(
        20,
        ge=1,
        le=500,
        description="how long the broker holds a fetch that finds nothing; a record that comes "
        "while one is under way may wait as long",
    )
    max_record_bytes: int = Field(
        256 * 1024, ge=1, le=1024 * 1024, description="a larger record is a dead letter"
    )
    session_timeout_ms: int = Field(
        6000, ge=1000, description="silence after which the group gives a replica's partitions away"
    )
    shutdown_timeout_s: float = Field(
        10.0, gt=0, description="longest time between SIGTERM and the end"
    )
    rebalance_timeout_s: float = Field(
        5.0, ge=0, description="how long a rebalance waits for the batch in hand"
    )
    retry_first_s: float = Field(
        0.1, gt=0, description="first wait after something transient failed"
    )
    retry_longest_s: float = Field(5.0, gt=0, description="longest wait between two tries")
    stalled_after_s: float = Field(
        15.0,
        gt=0,
        description="a service is not ready once records of a partition wait and none was "
        "committed for so long",
    )
    hung_after_s: float = Field(
        120.0,
        gt=0,
        description="one batch that takes longer is taken to hang: /livez fails, a restart follows",
    )
    log_text: bool = Field(
        False, description="whether the log of a dead letter may hold what the customer wrote"
    )
