"""What only Redis can do: be away, and be full."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import redis

from textwire.embedded.servers import start_valkey
from textwire.errors import RedisUnavailable
from textwire.results.redis import RedisResults
from textwire.results.writes import Count, Fence, Put

FENCE = Fence("group", "topic", 0)


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.apply(FENCE, [(0, [Put("key", b"value")])]),
        lambda store: store.write([Put("key", b"value")]),
        lambda store: store.last_applied(FENCE),
        lambda store: store.get("key"),
        lambda store: store.tail("key", 1),
        lambda store: store.fields("key"),
        lambda store: store.check(),
    ],
)
def test_while_redis_is_away_every_use_says_so_and_what_to_do(
    use: Callable[[RedisResults], object],
) -> None:
    store = RedisResults.from_url("redis://:secret@127.0.0.1:9/0", timeout_s=1)
    with pytest.raises(RedisUnavailable, match="textwire status") as raised:
        use(store)
    assert "secret" not in str(raised.value)


def test_a_redis_that_is_full_takes_nothing_and_everything_once_there_is_room(
    tmp_path: Path,
) -> None:
    server = start_valkey(tmp_path)
    client = redis.Redis.from_url(server.url)
    store = RedisResults(client)
    writes = [(0, [Count("counts", "seen"), Put("key", b"value")])]
    try:
        client.config_set("maxmemory", 1)
        with pytest.raises(RedisUnavailable, match="at the moment"):
            store.apply(FENCE, writes)
        with pytest.raises(RedisUnavailable, match="at the moment"):
            store.write([Put("key", b"value")])
        client.config_set("maxmemory", 0)
        assert store.fields("counts") == {}
        assert store.apply(FENCE, writes) == 1
        assert store.fields("counts") == {"seen": b"1"}
    finally:
        store.close()
        server.stop()


def test_a_write_that_can_never_succeed_is_no_outage(redis_url: str, unique_name: str) -> None:
    store = RedisResults.from_url(redis_url)
    store.write([Put(unique_name, b"a value")])
    with pytest.raises(redis.ResponseError):
        store.apply(FENCE._replace(group=unique_name), [(0, [Count(unique_name, "field")])])
    store.close()
