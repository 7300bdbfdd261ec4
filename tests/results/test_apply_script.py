"""The script that applies writes behind a fence: what it does where something is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files

import pytest
import redis

from textwire.results.redis_commands import Command, flat_commands

Offset = tuple[int, list[list[Command]]]
Apply = Callable[..., list[object]]

GOOD: list[Command] = [["HINCRBY", "{}:counts", "good", 1]]
# Redis does not know the option: an error of no kind that we know.
ODD: list[Command] = [["SET", "{}:odd", "value", "ODD"]]
FOR_GOOD: list[Command] = [["RPUSH", "{}:value", "x"], ["EXPIRE", "{}:value", 1]]


@pytest.fixture
def client(redis_url: str, unique_name: str) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(redis_url) as client:
        client.set(f"{unique_name}:value", "a value")
        yield client


@pytest.fixture
def apply(client: redis.Redis, unique_name: str) -> Apply:
    script = client.register_script(files("textwire.results").joinpath("apply.lua").read_text())

    def call(*offsets: Offset) -> list[object]:
        flat: list[object] = [""]  # no owner
        for offset, writes in offsets:
            flat += [-1, offset, len(writes)]
            for commands in writes:
                named = [[_named(word, unique_name) for word in words] for words in commands]
                flat += [len(named), *flat_commands(named)]
        return script(keys=[f"{unique_name}:fence"], args=flat)

    return call


def _named(word: object, name: str) -> object:
    return word.format(name) if isinstance(word, str) else word


def test_what_is_refused_for_good_is_told_and_all_else_goes_on(
    apply: Apply, client: redis.Redis, unique_name: str
) -> None:
    applied, why_not, refused = apply((0, [GOOD, FOR_GOOD, GOOD]), (1, [FOR_GOOD]), (2, [GOOD]))
    assert (applied, why_not) == (3, b"")
    assert [words[:2] for words in refused] == [[f"{unique_name}:value".encode(), b"RPUSH"]] * 2
    assert client.hgetall(f"{unique_name}:counts") == {b"good": b"3"}
    assert client.get(f"{unique_name}:fence") == b"2"


def test_the_rest_of_a_refused_write_is_left(
    apply: Apply, client: redis.Redis, unique_name: str
) -> None:
    apply((0, [FOR_GOOD]))
    assert client.ttl(f"{unique_name}:value") == -1


def test_an_odd_error_stops_before_its_offset_and_the_fence_stands_at_the_one_before(
    apply: Apply, client: redis.Redis, unique_name: str
) -> None:
    applied, why_not, refused = apply((0, [GOOD]), (1, [ODD, GOOD]), (2, [GOOD]))
    assert (applied, refused) == (1, [])
    assert b"syntax error" in why_not
    assert client.hgetall(f"{unique_name}:counts") == {b"good": b"1"}
    assert client.get(f"{unique_name}:fence") == b"0"
    assert apply((0, [GOOD]), (1, [GOOD]), (2, [GOOD]))[0] == 2
    assert client.hgetall(f"{unique_name}:counts") == {b"good": b"3"}


def test_an_odd_error_in_the_midst_of_an_offset_is_refused_since_nothing_can_be_taken_back(
    apply: Apply, client: redis.Redis, unique_name: str
) -> None:
    applied, why_not, refused = apply((0, [GOOD, ODD, GOOD]))
    assert (applied, why_not, len(refused)) == (1, b"", 1)
    assert client.hgetall(f"{unique_name}:counts") == {b"good": b"2"}


def test_a_command_that_there_is_not_stops_before_anything_is_written(
    apply: Apply, client: redis.Redis, unique_name: str
) -> None:
    with pytest.raises(redis.ResponseError):
        apply((0, [GOOD]), (1, [GOOD, [["NOCOMMAND", "{}:key"]]]))
    assert client.exists(f"{unique_name}:counts", f"{unique_name}:fence") == 0
