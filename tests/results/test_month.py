"""What stands in a result store is bounded, and is what docs/redis.md says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest
import redis
from redis.client import Pipeline

from tests.results.month import TURN, World
from tests.slow_params import slow_but
from textwire.errors import RedisUnavailable
from textwire.results.memory import MemoryResults
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore

DAY_S = 24 * 60 * 60
DOCS = (Path(__file__).parents[2] / "docs" / "redis.md").read_text(encoding="utf-8")


class Kept(Protocol):
    """A store whose days we can let pass."""

    store: ResultStore

    def pass_day(self) -> None: ...

    def sizes(self) -> dict[str, int]:
        """Bytes, by key."""
        ...


class InMemory:
    def __init__(self) -> None:
        self._now_s = 0.0
        self.store = MemoryResults(lambda: self._now_s)

    def pass_day(self) -> None:
        self._now_s += DAY_S

    def sizes(self) -> dict[str, int]:
        self.store.get("any")  # what is past goes when it is asked for something
        return {key: len(repr(held)) for key, held in self.store._held.items()}


class InRedis:
    """A database of its own, in which everything is made to live a day less."""

    def __init__(self, url: str) -> None:
        own = url.removesuffix("/0") + "/7"
        self.client = redis.Redis.from_url(own, decode_responses=True)
        self.client.flushdb()
        self.store = RedisResults.from_url(own)

    def pass_day(self) -> None:
        ttls = self.ttls()
        with self.client.pipeline() as pipeline:
            for key, left_s in ttls.items():
                if left_s >= 0:
                    pipeline.expire(key, left_s - DAY_S)
            pipeline.execute()

    def sizes(self) -> dict[str, int]:
        return self._each(lambda pipeline, key: pipeline.memory_usage(key, samples=0))

    def ttls(self) -> dict[str, int]:
        return self._each(lambda pipeline, key: pipeline.ttl(key))

    def _each(self, ask: Callable[[Pipeline, str], object]) -> dict[str, int]:
        keys = list(self.client.scan_iter(count=1_000))
        with self.client.pipeline() as pipeline:
            for key in keys:
                ask(pipeline, key)
            return dict(zip(keys, pipeline.execute(), strict=True))

    def close(self) -> None:
        self.client.flushdb()
        self.client.close()
        self.store.close()


@pytest.fixture
def in_redis(redis_url: str) -> Iterator[InRedis]:
    kept = InRedis(redis_url)
    yield kept
    kept.close()


@pytest.fixture(params=slow_but(["memory", "redis"], "memory"))
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "memory":
        return InMemory()
    in_redis: InRedis = request.getfixturevalue("in_redis")
    return in_redis


def test_after_four_months_there_is_no_more_than_ten_days_before(kept: Kept) -> None:
    # Words of stories are known for sixty days.
    world = World(kept.store)
    sizes = {}
    for day in range(1, 12 * TURN + 1):
        world.day(day - 1)
        kept.pass_day()
        if day in (11 * TURN, 12 * TURN):
            sizes[day] = kept.sizes()
    before, after = sizes.values()
    # Bands of copies stand under hashes, of which now and then two are the same.
    assert len(after) <= 1.02 * len(before)
    assert sum(after.values()) <= 1.02 * sum(before.values())


class Row(NamedTuple):
    pattern: re.Pattern[str]
    kind: str
    lives: str


def rows() -> list[Row]:
    """The table of keys; words in capitals vary."""
    cells = [line.split("|")[1:-1] for line in DOCS.splitlines() if line.startswith("| `")]
    return [
        Row(re.compile(re.sub("[A-Z_]+", "[^:]*", name)), kind.strip(), lives.strip())
        for names, kind, _, lives, _ in cells
        for name in re.findall("`(.+?)`", names)
    ]


def test_the_docs_have_each_key_with_its_type_and_whether_it_expires(in_redis: InRedis) -> None:
    world = World(in_redis.store)
    for day in range(5):
        world.day(day)
    in_redis.store.check()
    unseen = set(rows())
    for key, ttl in in_redis.ttls().items():
        (row,) = [row for row in rows() if row.pattern.fullmatch(key)]
        assert row.kind == in_redis.client.type(key), key
        assert (row.lives == "on") == (ttl < 0), key
        unseen.discard(row)
    assert unseen == set()


def test_the_rule_of_the_docs_allows_all_that_is_done_and_nothing_more(
    redis_url: str, in_redis: InRedis
) -> None:
    url = redis_url.replace("//", "//textwire:secret@").removesuffix("/0") + "/7"
    admin = in_redis.client
    (rule,) = re.findall("^ACL SETUSER textwire (.*)$", DOCS, re.MULTILINE)
    words = rule.replace("PASSWORD", "secret").split()
    allow(admin, *words)
    try:
        with closing(RedisResults.from_url(url)) as store:
            store.check()
            World(store).day(3)
        for needed in (word for word in words if word.startswith("+") and word != "+ping"):
            allow(admin, needed.replace("+", "-"))
            admin.script_flush()
            with closing(RedisResults.from_url(url)) as store, pytest.raises(RedisUnavailable):
                store.check()
            allow(admin, needed)
    finally:
        admin.acl_deluser("textwire")


def allow(admin: redis.Redis, *words: str) -> None:
    admin.execute_command("ACL", "SETUSER", "textwire", *words)
