"""File descriptors: how many this process has open, and how many it may have.

Each connection and each file takes one. When none is left nothing can be opened any more, neither
a connection to the broker nor the log, so it is told before.
"""

from __future__ import annotations

import resource
from dataclasses import dataclass
from pathlib import Path

import structlog

# The smallest service has 24 open. A limit of thousands costs nothing; one of millions makes
# programs slow that close all they might have inherited.
WANTED = 65_536
# Below this a leak is not needed: some dozens of clients of the endpoints are enough.
LOW_LIMIT = 256
NEARLY_ALL = 0.8
OPEN = Path("/proc/self/fd" if Path("/proc/self/fd").exists() else "/dev/fd")

log = structlog.get_logger()


@dataclass(frozen=True)
class Descriptors:
    """How many are open, of how many."""

    used: int
    limit: int

    @property
    def trouble(self) -> str:
        """That there are too few, and what to do; empty where there are enough."""
        if self.used > NEARLY_ALL * self.limit:
            return f"{self.used:,} of {self.limit:,} file descriptors are in use. {RAISE_IT}"
        if self.limit < LOW_LIMIT:
            return f"only {self.limit:,} file descriptors are allowed. {RAISE_IT}"
        return ""


RAISE_IT = "Raise the limit (`ulimit -n 4096`, LimitNOFILE of systemd, ulimits of Compose)."


def descriptors() -> Descriptors:
    """As it is now."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    try:
        used = sum(1 for _ in OPEN.iterdir()) - 1  # to look at them takes one
    except OSError:  # not even that one is left
        used = limit
    return Descriptors(used, limit)


def raise_descriptor_limit() -> None:
    """Allow this process as many as the system lets it, within reason."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(hard, WANTED)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    except (OSError, ValueError) as error:  # macOS names a limit that it does not grant
        log.warning("limit of file descriptors stays", limit=soft, reason=str(error))
