"""What every service serves beside its work."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from textwire.hosts import LOOPBACK
from textwire.settings.section import Host, Section


class ServiceSettings(Section, section="service"):
    """What every service serves beside its work."""

    host: Host = Field(LOOPBACK, description="address of /livez, /readyz and /metrics")
    port: int = Field(0, ge=0, le=65535, description="their port; 0: a free one")
    replica: int = Field(
        0, ge=0, description="this process's number among its replicas; stable over restarts"
    )
    report_every_s: float = Field(
        1.0, gt=0, description="how often a service reports itself to Redis"
    )
    redis_check_every_s: float = Field(
        2.0, gt=0, description="how often it is asked whether Redis is there and lets us work"
    )
    end_hung_after_s: float = Field(
        60.0,
        ge=0,
        description="a process that has failed /livez for so long ends itself, so that it is "
        "started again also where nobody probes it; 0: never",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="least severe line that is logged"
    )
