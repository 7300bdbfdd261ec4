"""What only Redis can do: be away, be full, refuse, and hold what others wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
import redis

from tests.places import at
from tests.results.servers import fill_disk, redis_server
from textwire.errors import RedisUnavailable, SettingsError
from textwire.results.redis import RedisResults, fence_key
from textwire.results.writes import Append, Count, Fence, Log, Put, SetField
from textwire.stack.ports import free_port
from textwire.stack.valkey import ValkeyServer

FENCE = Fence("group", "topic", 0)
Use = Callable[[RedisResults], object]

READS: list[Use] = [
    lambda store: store.last_applied(FENCE),
    lambda store: store.get("support:key"),
    lambda store: store.tail("support:key", 1),
    lambda store: store.fields("support:key"),
    lambda store: store.entries("support:key"),
]
WRITES: list[Use] = [
    lambda store: store.apply(FENCE, [(at(0), [Put("support:key", b"value")])]),
    lambda store: store.write([Put("support:key", b"value")]),
    lambda store: store.check(),
]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ValkeyServer, redis.Redis]]:
    with redis_server(tmp_path_factory.mktemp("redis")) as running:
        yield running


@pytest.fixture
def server(servers: tuple[ValkeyServer, redis.Redis]) -> ValkeyServer:
    return servers[0]


@pytest.fixture
def admin(servers: tuple[ValkeyServer, redis.Redis]) -> redis.Redis:
    """Who may do everything on an empty server."""
    servers[1].flushall()
    return servers[1]


@pytest.fixture
def ana(server: ValkeyServer, admin: redis.Redis) -> Iterator[RedisResults]:
    """A store of a user who may do everything, until a test forbids something."""
    admin.execute_command("ACL", "SETUSER", "ana", "reset", "on", ">secret", "~*", "&*", "+@all")
    store = RedisResults.from_url(server.url.replace("//", "//ana:secret@"))
    yield store
    store.close()


def allow(admin: redis.Redis, *rules: str) -> None:
    admin.execute_command("ACL", "SETUSER", "ana", *rules)


@pytest.mark.parametrize("use", READS + WRITES)
def test_while_redis_is_away_every_use_says_so_and_what_to_do(use: Use) -> None:
    store = RedisResults.from_url("redis://:secret@127.0.0.1:9/0", timeout_s=1)
    with pytest.raises(RedisUnavailable, match="textwire status") as raised:
        use(store)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host:6379",
        "http://host",
        "redis://:sec/ret@host:6379/0",
        "redis://:secret@host:port/0",
        "redis://:secret@host:6379/0?secret=1",
    ],
)
def test_a_url_that_is_none_of_redis_is_said_without_its_password(url: str) -> None:
    with pytest.raises(SettingsError, match="is no Redis URL") as raised:
        RedisResults.from_url(url)
    assert "sec" not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("use", READS + WRITES)
def test_what_is_no_redis_is_told_as_such(use: Use, port_of_a_web_server: int) -> None:
    store = RedisResults.from_url(f"redis://127.0.0.1:{port_of_a_web_server}/0", timeout_s=1)
    with pytest.raises(RedisUnavailable):
        use(store)
    store.close()


@pytest.mark.parametrize("use", READS + WRITES)
@pytest.mark.parametrize(
    ("login", "told"),
    [
        ("ana:wrong@", "password or the user is wrong"),
        ("nobody:secret@", "password or the user is wrong"),
        ("", "password is missing"),
    ],
)
def test_a_wrong_password_reads_as_one(
    server: ValkeyServer, ana: RedisResults, admin: redis.Redis, login: str, told: str, use: Use
) -> None:
    admin.execute_command("ACL", "SETUSER", "default", "resetpass", ">other")
    store = RedisResults.from_url(server.url.replace("//", f"//{login}"))
    try:
        with pytest.raises(RedisUnavailable, match=told) as raised:
            use(store)
        assert "secret" not in str(raised.value)
    finally:
        admin.execute_command("ACL", "SETUSER", "default", "nopass")
        store.close()


FULL = {
    "memory": (
        lambda server, admin: admin.config_set("maxmemory", 1),
        lambda admin: admin.config_set("maxmemory", 0),
        "no memory left",
    ),
    "replica": (
        lambda server, admin: admin.replicaof("127.0.0.1", 9),
        lambda admin: admin.replicaof("NO", "ONE"),
        "read-only replica",
    ),
    "alone": (
        lambda server, admin: admin.config_set("min-replicas-to-write", 1),
        lambda admin: admin.config_set("min-replicas-to-write", 0),
        "too few replicas",
    ),
    "disk": (fill_disk, lambda admin: admin.config_set("save", ""), "cannot write to its disk"),
}


@pytest.mark.parametrize("fault", FULL)
def test_a_redis_that_takes_no_writes_takes_nothing_and_everything_once_it_does(
    tmp_path: Path, fault: str
) -> None:
    breaks, mends, told = FULL[fault]
    writes = [(at(0), [Count("counts", "seen"), Put("key", b"value"), Log("log", at(0), b"x")])]
    with redis_server(tmp_path) as (server, admin):
        store = RedisResults.from_url(server.url)
        store.check()
        breaks(server, admin)
        for use in (
            lambda: store.apply(FENCE, writes),
            lambda: store.write([Put("key", b"value")]),
            store.check,
        ):
            with pytest.raises(RedisUnavailable, match=told):
                use()
        assert store.fields("counts") == {}
        mends(admin)
        assert store.apply(FENCE, writes) == 1
        assert store.fields("counts") == {"seen": b"1"}
        store.check()
        store.close()


@pytest.mark.parametrize(
    ("denied", "granted"),
    [("-hincrby", "+hincrby"), ("-xadd", "+xadd"), ("resetkeys", "~*"), ("-get", "+get")],
)
def test_where_a_command_is_not_allowed_nothing_of_the_batch_stays_until_it_is(
    ana: RedisResults, admin: redis.Redis, denied: str, granted: str
) -> None:
    batch = [
        (
            at(offset),
            [Append("list", b"x", keep=9), Count("counts", "n"), Log("log", at(offset), b"x")],
        )
        for offset in range(3)
    ]
    allow(admin, denied, *(["~fence:*"] if denied == "resetkeys" else []))
    for _ in range(2):
        with pytest.raises(RedisUnavailable, match=r"does not allow .* as user ana"):
            ana.apply(FENCE, batch)
        with pytest.raises(RedisUnavailable, match=r"does not allow .* as user ana"):
            ana.check()
    assert admin.keys() == []
    allow(admin, granted)
    assert ana.apply(FENCE, batch) == 3
    assert ana.tail("list", 9) == [b"x"] * 3
    assert ana.fields("counts") == {"n": b"3"}


def test_what_may_not_be_done_is_named(ana: RedisResults, admin: redis.Redis) -> None:
    allow(admin, "-hincrby", "-hgetall", "-evalsha")
    with pytest.raises(RedisUnavailable, match="ana has no permissions to run the 'hgetall'"):
        ana.fields("table")
    with pytest.raises(RedisUnavailable, match="ana has no permissions to run the 'evalsha'"):
        ana.write([Put("key", b"value")])
    allow(admin, "+evalsha")
    with pytest.raises(RedisUnavailable, match="HINCRBY counts"):
        ana.write([Put("key", b"value"), Count("counts", "n")])
    with pytest.raises(RedisUnavailable, match=r"HINCRBY fence:check.*HGETALL.* and 3 more"):
        ana.check()


SLOTS = 16_384


@pytest.mark.parametrize("served", [0, SLOTS // 2, SLOTS])
def test_a_cluster_is_refused_with_what_to_do(tmp_path: Path, served: int) -> None:
    keys = [f"support:{number}" for number in range(20)]  # of many slots
    # Its usual port for the others of a cluster is one that systems give to connections.
    settings = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with redis_server(tmp_path, *settings) as (server, admin):
        if served:
            admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, served - 1)
        store = RedisResults.from_url(server.url)
        with pytest.raises(RedisUnavailable, match="Cluster, which Textwire does not support"):
            store.check()
        with pytest.raises(RedisUnavailable, match="Cluster, which Textwire does not support"):
            store.get_many(keys)
        for partition in range(20):  # of many slots too
            with pytest.raises(RedisUnavailable, match="Cluster, which Textwire does not support"):
                store.apply(FENCE._replace(partition=partition), [(at(0), [Count("counts", "n")])])
        store.close()


def test_a_command_that_was_renamed_is_told(tmp_path: Path) -> None:
    with redis_server(tmp_path, "--rename-command", "HINCRBY", "") as (server, _):
        store = RedisResults.from_url(server.url)
        for use in (store.check, lambda: store.apply(FENCE, [(at(0), [Count("counts", "n")])])):
            with pytest.raises(RedisUnavailable, match="does not know a command"):
                use()
        store.close()


def test_a_server_that_forgot_our_scripts_is_told_them_again(
    ana: RedisResults, admin: redis.Redis
) -> None:
    ana.check()
    admin.script_flush()
    assert ana.apply(FENCE, [(at(0), [Put("key", b"value")])]) == 1
    admin.script_flush()
    ana.check()


@pytest.mark.parametrize(
    "theirs", [Put("", b"no number"), Put("", b"-1"), SetField("", "f", b"x"), Append("", b"1", 1)]
)
def test_a_fence_that_another_program_wrote_is_told_and_moves_again_once_it_is_gone(
    ana: RedisResults, admin: redis.Redis, theirs: Put | SetField | Append
) -> None:
    key = fence_key(FENCE)
    ana.write([type(theirs)(key, *(getattr(theirs, name) for name in theirs.__slots__[1:]))])
    with pytest.raises(RedisUnavailable, match=f"offset under {key}.*Remove the key"):
        ana.apply(FENCE, [(at(0), [Count("counts", "n")])])
    assert ana.fields("counts") == {}
    admin.delete(key)
    assert ana.apply(FENCE, [(at(0), [Count("counts", "n")])]) == 1


def test_fields_and_entries_that_another_program_wrote_are_passed_over(
    ana: RedisResults, admin: redis.Redis
) -> None:
    admin.hset("table", b"\xff", b"theirs")
    admin.xadd("log", {"theirs": "x"}, id="2-1")
    ana.write([SetField("table", "ours", b"x"), Log("log", at(4), b"x")])
    assert ana.fields("table") == {"ours": b"x"}
    assert ana.entries("log") == {at(4): b"x"}


@pytest.fixture
def port_of_a_web_server() -> Iterator[int]:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1024)
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        answering = Thread(target=answer)
        answering.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        answering.join()
