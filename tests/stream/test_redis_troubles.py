"""Whatever Redis answers, the loop goes on once it is mended, and counts each record once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from tests.results.servers import fill_disk, redis_server
from tests.stream.loops import COUNTS, Bench, Echoing, eventually, running
from tests.stream.made import FIRST
from textwire.results.redis import RedisResults, fence_key
from textwire.results.writes import Fence
from textwire.stack.valkey import ValkeyServer

Server = tuple[ValkeyServer, redis.Redis]
FENCE = fence_key(Fence("echoing", FIRST.topic, FIRST.number, FIRST.topic))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with redis_server(tmp_path) as running_server:
        running_server[1].execute_command(
            "ACL", "SETUSER", "ana", "on", ">secret", "~*", "&*", "+@all"
        )
        yield running_server


def acl(rule: str) -> Callable[[ValkeyServer, redis.Redis], object]:
    return lambda server, admin: admin.execute_command("ACL", "SETUSER", "ana", rule)


def config(**settings: object) -> Callable[[ValkeyServer, redis.Redis], object]:
    return lambda server, admin: [
        admin.config_set(name.replace("_", "-"), value) for name, value in settings.items()
    ]


def foreign_fence(server: ValkeyServer, admin: redis.Redis) -> None:
    admin.rename(FENCE, "kept")
    admin.set(FENCE, "theirs")


def own_fence(server: ValkeyServer, admin: redis.Redis) -> None:
    admin.rename("kept", FENCE)


@pytest.mark.parametrize(
    ("breaks", "mends", "told"),
    [
        (acl("-hincrby"), acl("+hincrby"), "HINCRBY counts"),
        (acl("-evalsha"), acl("+evalsha"), "'evalsha'"),
        (acl("resetkeys"), acl("~*"), "does not allow"),
        (config(maxmemory=1), config(maxmemory=0), "no memory left"),
        (config(min_replicas_to_write=1), config(min_replicas_to_write=0), "too few replicas"),
        (fill_disk, config(save=""), "cannot write to its disk"),
        (foreign_fence, own_fence, "Remove the key"),
    ],
    ids=["command", "script", "keys", "memory", "replicas", "disk", "fence"],
)
def test_the_loop_waits_says_why_and_goes_on_once_it_is_mended(
    server: Server,
    breaks: Callable[..., object],
    mends: Callable[..., object],
    told: str,
) -> None:
    bench = Bench(partitions=1)
    store = RedisResults.from_url(server[0].url.replace("//", "//ana:secret@"))
    words = [f"word-{number}" for number in range(30)]
    with running(bench.loop(Echoing(), results=store, max_batch_records=7)):
        bench.write(*words[:10])
        eventually(bench.all_is_committed)
        breaks(*server)
        bench.write(*words[10:])
        eventually(lambda: told in bench.health.reason)
        mends(*server)
        eventually(bench.all_is_committed)
        eventually(lambda: bench.health.ready)
    assert bench.echoes() == dict.fromkeys(words, 1)
    assert bench.dead() == []
    assert store.fields(COUNTS) == dict.fromkeys(words, b"1")
    store.close()


def test_a_foreign_value_under_a_key_stops_nobody(server: Server) -> None:
    bench = Bench(partitions=1)
    store = RedisResults.from_url(server[0].url)
    server[1].set(COUNTS, "theirs")
    bench.write("one", "two")
    with running(bench.loop(Echoing(), results=store)):
        eventually(bench.all_is_committed)
        assert bench.health.ready
    assert bench.echoes() == {"one": 1, "two": 1}
    assert store.get(COUNTS) == b"theirs"
    store.close()
