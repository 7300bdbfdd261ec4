"""Where the broker and Redis are: as set, or as `textwire up` says, or on the usual ports."""

from __future__ import annotations

from pathlib import Path

import msgspec

from textwire.errors import StackError
from textwire.settings import KafkaSettings, RedisSettings, StackSettings, load
from textwire.undecodable import NOT_DECODABLE

STATE_FILE = "stack.json"


class StackAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """What `textwire up` writes down for every other command, in `<data_dir>/stack.json`."""

    pid: int
    bootstrap_servers: str
    redis_url: str
    dashboard_url: str = ""
    gateway_url: str = ""


def bootstrap_servers(settings: KafkaSettings | None = None) -> str:
    """The broker's address."""
    configured = (settings or load(KafkaSettings)).bootstrap_servers
    if configured:
        return configured
    running = running_stack(load(StackSettings).data_dir)
    return running.bootstrap_servers if running else "127.0.0.1:9092"


def redis_url(settings: RedisSettings | None = None) -> str:
    """Redis's address, with its password if it has one: not for logs."""
    configured = (settings or load(RedisSettings)).url.get_secret_value()
    if configured:
        return configured
    running = running_stack(load(StackSettings).data_dir)
    return running.redis_url if running else "redis://127.0.0.1:6379/0"


def running_stack(data_dir: Path) -> StackAddresses | None:
    """What runs in a data folder, or None.

    Raises: StackError: the state file cannot be read.
    """
    path = data_dir / STATE_FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=StackAddresses)
    except FileNotFoundError:
        return None
    except (OSError, *NOT_DECODABLE) as error:
        raise StackError(
            f"{path} cannot be read ({error}). "
            "Run `textwire down`, or delete the file if nothing runs."
        ) from error
