"""The programs of the stack are looked for where they listen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ipv6 import LOOPBACKS
from textwire.hosts import with_port
from textwire.stack.ports import free_port
from textwire.stack.programs import dashboard_process, service_process


@pytest.mark.parametrize("host", LOOPBACKS)
def test_the_dashboard_is_ready_where_its_address_says(host: str, tmp_path: Path) -> None:
    port = free_port(host)
    dashboard = dashboard_process(host, port, tmp_path, {})
    try:
        dashboard.start()
        assert dashboard.part.address == f"http://{with_port(host, port)}"
        assert dashboard.ready()
    finally:
        dashboard.stop()


@pytest.mark.parametrize("host", LOOPBACKS)
def test_a_service_is_looked_for_on_the_host_that_is_set(
    host: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEXTWIRE_SERVICE_HOST", host)
    part = service_process("support_qa", tmp_path, {}).part
    port = int(part.environment["TEXTWIRE_SERVICE_PORT"])
    assert part.address == f"http://{with_port(host, port)}"
