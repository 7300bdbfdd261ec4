"""Tests that listen on IPv6's loopback, where there is one."""

from __future__ import annotations

import socket

import pytest


def _is_here() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


needs_ipv6 = pytest.mark.skipif(not _is_here(), reason="this machine has no IPv6 loopback")
LOOPBACKS = ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)]
