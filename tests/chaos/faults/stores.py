"""Redis: killed, frozen, wiped, refusing, full."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from tests.chaos.truth import Wrong
from tests.chaos.world import World

# A service waits 5 s for an answer, and up to 5 s more between two tries.
SHOWS_WITHIN_S = 12.0


@dataclass(frozen=True)
class KillRedis:
    """SIGKILL; its append-only file brings back all that it had."""

    down_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Kill, wait, start, wait."""
        with world.truth.wrong(Wrong("Redis killed", shows_within_s=SHOWS_WITHIN_S)):
            world.valkey.kill()
            world.struck["Redis killed"] += 1
            time.sleep(self.down_s)
            world.valkey.start()
            world.let_us_in()
        time.sleep(self.then_s)


@dataclass(frozen=True)
class FreezeRedis:
    """SIGSTOP: connections stay up, and nobody answers."""

    frozen_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Freeze, wait, wake, wait."""
        pid = world.valkey.pid
        if pid is None:
            return
        with world.truth.wrong(Wrong("Redis frozen", shows_within_s=SHOWS_WITHIN_S)):
            os.killpg(pid, signal.SIGSTOP)
            world.struck["Redis frozen"] += 1
            time.sleep(self.frozen_s)
            os.killpg(pid, signal.SIGCONT)
        time.sleep(self.then_s)


@dataclass(frozen=True)
class WipeRedis:
    """FLUSHALL: everything that was remembered is gone, and what comes is new."""

    then_s: float

    def strike(self, world: World) -> None:
        """Wipe, wait."""
        with world.truth.wrong(Wrong("Redis wiped")):
            world.redis.flushall()
            world.struck["Redis wiped"] += 1
        time.sleep(self.then_s)


@dataclass(frozen=True)
class RestartRedisEmpty:
    """SIGKILL, and its files are lost too."""

    down_s: float
    then_s: float

    def strike(self, world: World) -> None:
        """Kill, delete, wait, start, wait."""
        with world.truth.wrong(Wrong("Redis restarted empty", shows_within_s=SHOWS_WITHIN_S)):
            world.valkey.kill()
            for file in world.valkey.home.rglob("*"):
                if file.is_file():
                    file.unlink()
            world.struck["Redis restarted empty"] += 1
            time.sleep(self.down_s)
            world.valkey.start()
            world.let_us_in()
        time.sleep(self.then_s)


class Refusal(Enum):
    """How Redis may refuse: what it is told, and what it is told to serve again."""

    NO_MEMORY = (("CONFIG SET maxmemory 1",), ("CONFIG SET maxmemory 0",))
    NO_PERMISSION = (("ACL SETUSER default -@all +ping",), ("ACL SETUSER default +@all",))
    NO_WRITING = (("ACL SETUSER default -@write",), ("ACL SETUSER default +@all",))
    WRONG_PASSWORD = (
        ("ACL SETUSER default resetpass >another", "CLIENT KILL USER default"),
        ("ACL SETUSER default nopass",),
    )
    NO_CLIENTS = (
        ("CONFIG SET maxclients 1", "CLIENT KILL USER default"),
        ("CONFIG SET maxclients 10000",),
    )
    # It ends by itself: whoever would end it is paused too.
    PAUSED = (("CLIENT PAUSE {ms} ALL",), ())


@dataclass(frozen=True)
class RefuseByRedis:
    """It answers, and what it answers is no."""

    how: Refusal
    seconds: float
    then_s: float

    def strike(self, world: World) -> None:
        """Let it refuse, wait, let it serve, wait."""
        name = f"Redis: {self.how.name.replace('_', ' ').lower()}"
        with world.truth.wrong(Wrong(name, shows_within_s=SHOWS_WITHIN_S)), self._told(world):
            world.struck["Redis refused"] += 1
            time.sleep(self.seconds)
        time.sleep(self.then_s)

    @contextmanager
    def _told(self, world: World) -> Iterator[None]:
        refuse, serve = self.how.value
        for command in refuse:
            told = command.format(ms=int(self.seconds * 1000))
            world.redis.execute_command(*told.split())
        try:
            yield
        finally:
            for command in serve:
                world.redis.execute_command(*command.split())
