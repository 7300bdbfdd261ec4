"""A folder in which a stack seems to run: this process is its supervisor, and its service."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry

from textwire.observing.endpoints import Endpoints
from textwire.observing.health import Health
from textwire.observing.reports import REPORTS_KEY, ServiceReport, report_writes
from textwire.results.redis import RedisResults
from textwire.results.writes import Remove
from textwire.stack.pids import birth_of
from textwire.stack.servers import EmbeddedServers
from textwire.stack.state import PartState, StackState, write_state


@dataclass
class Running:
    """What a test changes: how the service is, and who else reports."""

    folder: Path
    redis_url: str
    health: Health = field(default_factory=Health)

    def reports(self, **changes: object) -> None:
        """A process reports to Redis; by default, this one as replica 0."""
        now = datetime.now(UTC)
        usual = {
            "service": "support-qa", "replica": 0,
            "at": now, "started_at": now - timedelta(minutes=1),
            "ready": True, "host": socket.gethostname(), "pid": os.getpid(),
        }  # fmt: skip
        results = RedisResults.from_url(self.redis_url)
        results.write(report_writes(ServiceReport(**(usual | changes))))
        results.close()


@contextmanager
def running_stack(folder: Path, servers: EmbeddedServers) -> Iterator[Running]:
    """With one service, support-qa, which is ready."""
    running = Running(folder, servers.redis_url)
    served = Endpoints("127.0.0.1", 0, running.health, CollectorRegistry())
    part = PartState(
        state="ready", pid=os.getpid(), address=f"http://127.0.0.1:{served.port}", restarts=1,
        last_restart="hung (it does not answer, for 21 s) and was killed",
    )  # fmt: skip
    pid = os.getpid()
    state = StackState(
        pid=pid, born_at=birth_of(pid), bootstrap_servers=servers.bootstrap_servers,
        redis_url=servers.redis_url, up=True, parts={"support-qa": part},
    )  # fmt: skip
    write_state(folder, state)
    results = RedisResults.from_url(servers.redis_url)
    results.write([Remove(REPORTS_KEY)])  # of whoever was on this Redis before
    yield running
    served.close()
    results.write([Remove(REPORTS_KEY)])
    results.close()
