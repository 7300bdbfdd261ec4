"""What Redis's errors mean: what is wrong, and what to do about it.

Whatever Redis answers but results is told as RedisUnavailable: the work waits, says why, and goes
on once somebody has mended it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from textwire.errors import RedisUnavailable

AWAY = "Redis does not answer: {error}. Is it up? See `textwire status`."
UNEXPECTED = "Redis gave an answer that Textwire does not expect ({asked}): {error}."
NOT_LET_IN = "Redis does not let us in: the password or the user is wrong. Mend TEXTWIRE_REDIS_URL."
CLUSTER = (
    "This is a Redis Cluster, which Textwire does not support: what a record leads to is written "
    "in one step, and a cluster spreads keys over many servers. Name a single Redis in "
    "TEXTWIRE_REDIS_URL; it may have replicas."
)
# What the client raises on an answer that is none of Redis's, and we on one of another shape.
OF_ANOTHER_SHAPE = (TypeError, ValueError, LookupError, AttributeError)
# By the word that an error begins with.
BY_CODE = {
    "WRONGPASS": NOT_LET_IN,
    "NOAUTH": (
        "Redis does not let us in: the password is missing. "
        "Give it in TEXTWIRE_REDIS_URL: redis://:PASSWORD@HOST:PORT/0"
    ),
    "NOPERM": (
        "Redis does not allow what Textwire needs ({asked}): {error}. "
        "docs/redis.md has the rule that allows all of it."
    ),
    "OOM": (
        "Redis has no memory left: {error}. "
        "Raise its `maxmemory`; docs/redis.md says what stands in it."
    ),
    "MISCONF": "Redis cannot write to its disk. Make room for it, and see its log: {error}.",
    "READONLY": "This Redis is a read-only replica. Name its primary in TEXTWIRE_REDIS_URL.",
    "MASTERDOWN": (
        "This Redis is a replica, and its primary is away. Name the primary in TEXTWIRE_REDIS_URL."
    ),
    "NOREPLICAS": "Redis takes no writes while it has too few replicas: {error}.",
    "LOADING": "Redis is reading its data from disk. It answers once it has.",
    "BUSY": "Redis is busy with a script, ours or another program's: {error}.",
    "BADFENCE": (
        "Redis should hold an offset under {error}, and holds something else. Remove the key; "
        "what was stored there and not committed may then count twice."
    ),
    **dict.fromkeys(("CROSSSLOT", "MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN"), CLUSTER),
}
# By what it says, where the first word is no code.
BY_PHRASE = {
    "max number of clients reached": (
        "Redis has no connection left for us. Raise its `maxclients`, or see who holds them: "
        "redis-cli CLIENT LIST"
    ),
    "without any password configured": (
        "Redis has no password, and TEXTWIRE_REDIS_URL gives one. Take it out, or set it in Redis."
    ),
    "invalid password": NOT_LET_IN,
    "in a cluster node": CLUSTER,
    "'acl_check_cmd' (a nil value)": "This Redis is too old. Textwire needs Redis 7 or Valkey.",
    "Invalid command": (
        "Redis does not know a command that Textwire needs. See `rename-command` in its settings, "
        "and docs/redis.md for all that is needed."
    ),
}


@contextmanager
def errors_in_words(asked: str) -> Iterator[None]:
    """Tell what Redis's errors mean.

    Args:   asked: what, and by whom.
    Raises: RedisUnavailable.
    """
    try:
        yield
    except redis.RedisError as error:
        raise RedisUnavailable(in_words(error, asked)) from error
    except OF_ANOTHER_SHAPE as error:  # from a proxy, or a server that only speaks like Redis
        raise RedisUnavailable(UNEXPECTED.format(asked=asked, error=repr(error))) from error


def in_words(error: redis.RedisError, asked: str) -> str:
    """What is wrong, and what to do."""
    said = str(error)
    code = error.status_code or said.partition(" ")[0]
    by_phrase = (words for phrase, words in BY_PHRASE.items() if phrase in said)
    is_away = isinstance(error, (redis.ConnectionError, redis.TimeoutError))
    words = BY_CODE.get(code) or next(by_phrase, AWAY if is_away else UNEXPECTED)
    told = said.removeprefix(f"{code} ") if code in BY_CODE else said
    return words.format(error=told.rstrip("."), asked=asked)
