"""Redis servers of a test's own, which it may break."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import redis

from textwire.stack.ports import choose_port
from textwire.stack.valkey import ValkeyServer


@contextmanager
def redis_server(folder: Path, *settings: str) -> Iterator[tuple[ValkeyServer, redis.Redis]]:
    """A server with these settings besides the usual ones, and one who may do everything there."""
    server = ValkeyServer(folder, port=choose_port(None))
    server.part = replace(server.part, command=(*server.part.command, *settings))
    server.start()
    client = redis.Redis.from_url(server.url)
    try:
        yield server, client
    finally:
        client.close()
        server.stop()


def fill_disk(server: ValkeyServer, client: redis.Redis) -> None:
    """It cannot save what it holds: here since its folder is gone."""
    shutil.rmtree(server.home)
    client.config_set("save", "3600 1")
    client.bgsave()
    while client.info("persistence")["rdb_bgsave_in_progress"]:
        time.sleep(0.01)
