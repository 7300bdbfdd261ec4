"""What every part of the page is drawn by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

from dashboards.config import DashboardSettings


@dataclass(frozen=True)
class View:
    """Settings, and the zone in which whoever looks reads times."""

    settings: DashboardSettings
    zone: tzinfo
