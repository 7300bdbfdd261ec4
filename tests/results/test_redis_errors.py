"""What Redis's errors mean."""

from __future__ import annotations

import pytest
import redis
from redis._parsers.base import BaseParser

from textwire.errors import RedisUnavailable
from textwire.results.redis_errors import errors_in_words


def told(error: redis.RedisError) -> str:
    with pytest.raises(RedisUnavailable) as raised, errors_in_words("GET key as user ana"):
        raise error
    return str(raised.value)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("WRONGPASS invalid username-password pair or user is disabled.", "password or the user"),
        ("ERR invalid password", "password or the user is wrong"),
        ("NOAUTH Authentication required.", "password is missing"),
        (
            "ERR AUTH <password> called without any password configured for the default user. "
            "Are you sure your configuration is correct?",
            "has no password",
        ),
        ("NOPERM No permissions to access a key", "(GET key as user ana): No permissions"),
        ("OOM command not allowed when used memory > 'maxmemory'.", "no memory left"),
        ("MISCONF Errors writing to the AOF file: No space left on device", "No space left"),
        ("READONLY You can't write against a read only replica.", "Name its primary"),
        ("MASTERDOWN Link with MASTER is down", "its primary is away"),
        ("NOREPLICAS Not enough good replicas to write.", "too few replicas"),
        ("LOADING Redis is loading the dataset in memory", "reading its data from disk"),
        ("BUSY Redis is busy running a script.", "busy with a script"),
        ("CROSSSLOT Keys in request don't hash to the same slot", "Redis Cluster"),
        ("MOVED 866 127.0.0.1:7001", "Redis Cluster"),
        ("ASK 866 127.0.0.1:7001", "Redis Cluster"),
        ("CLUSTERDOWN Hash slot not served", "Redis Cluster"),
        ("ERR Script attempted to access a non local key in a cluster node", "Redis Cluster"),
        ("ERR max number of clients reached", "maxclients"),
        ("ERR attempt to call field 'acl_check_cmd' (a nil value)", "Redis 7 or Valkey"),
        ("ERR unknown command 'XADD'", "(GET key as user ana): unknown command 'XADD'"),
        ("ERR Invalid command passed to redis.acl_check_cmd()", "does not know a command"),
        ("SOMETHING new", "does not expect (GET key as user ana): SOMETHING new."),
    ],
)
def test_each_error_says_what_is_wrong(line: str, says: str) -> None:
    assert says in told(BaseParser.parse_error(line))


@pytest.mark.parametrize(
    "error",
    [redis.ConnectionError("Error 111"), redis.TimeoutError("Timeout"), redis.InvalidResponse("H")],
)
def test_what_the_client_could_not_read_is_told_as_well(error: redis.RedisError) -> None:
    assert told(error).startswith("Redis ")


def test_whatever_is_not_redis_fault_is_left_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError), errors_in_words("GET key as user ana"):
        raise ZeroDivisionError
