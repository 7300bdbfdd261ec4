"""The replicas of the services under test, and what befalls them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import RLock

from tests.chaos.loopback import LOOPBACK
from tests.chaos.truth import ANSWERS_WITHIN_S
from textwire.stack.ports import free_port
from textwire.stack.process import Process
from textwire.stack.process_spec import ProcessSpec

ROOT = Path(__file__).parents[2]


class Replica(Process):
    """One process of a service; killed, frozen and started again on the same port.

    task  the task of the model that it serves, if any.
    """

    def __init__(
        self,
        folder: Path,
        service: str,
        number: int,
        command: tuple[str, ...],
        environment: Mapping[str, str],
        task: str = "",
    ) -> None:
        self.service, self.number, self.task = service, number, task
        self.port = free_port(LOOPBACK)
        self.wanted = False
        # Scenarios start and stop it while the observer looks after it.
        self._changing = RLock()
        part = ProcessSpec(
            name=f"{service}-{number}",
            command=(sys.executable, *command),
            environment={
                "PYTHONPATH": str(ROOT),
                "PYTHONWARNINGS": "ignore",
                "TEXTWIRE_SERVICE_HOST": LOOPBACK,
                "TEXTWIRE_SERVICE_PORT": str(self.port),
                "TEXTWIRE_SERVICE_REPLICA": str(number),
                **environment,
            },
            address=f"http://{LOOPBACK}:{self.port}/readyz",
        )
        super().__init__(part, folder / f"{service}-{number}.log")

    def spawn(self) -> None:
        """Start it, and want it to run from now on."""
        with self._changing:
            self.wanted = True
            super().spawn()

    def kill(self) -> None:
        """SIGKILL; it is not wanted until it is started again."""
        with self._changing:
            self.wanted = False
            super().kill()

    def stop(self) -> None:
        """SIGTERM; it is not wanted until it is started again."""
        with self._changing:
            self.wanted = False
            super().stop()

    def start_if_ended(self) -> bool:
        """Start it again if it ended by itself; whether it had."""
        with self._changing:
            ended = self.wanted and not self.running
            if ended:
                super().spawn()
            return ended

    def freeze(self) -> None:
        """SIGSTOP: it lives, and does nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on, and does not know that time has passed."""
        self._signal(signal.SIGCONT)

    def readiness(self) -> tuple[int | None, str]:
        """The status of /readyz and what it says; None where nobody answers."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=ANSWERS_WITHIN_S)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace").strip()
        except (OSError, HTTPException) as error:
            return None, type(error).__name__
        finally:
            connection.close()

    def _signal(self, number: signal.Signals) -> None:
        if pid := self.pid:
            os.killpg(pid, number)


class Fleet:
    """All replicas. One that ends though it is wanted is started again, and that is counted."""

    def __init__(self) -> None:
        self.replicas: list[Replica] = []
        self.ended_by_themselves: Counter[str] = Counter()

    def __iter__(self) -> Iterator[Replica]:
        return iter(self.replicas)

    def __getitem__(self, number: int) -> Replica:
        return self.replicas[number]

    def __len__(self) -> int:
        return len(self.replicas)

    def add(self, replicas: Iterable[Replica]) -> None:
        """More of them, not started."""
        self.replicas = [*self.replicas, *replicas]

    def start(self) -> None:
        """Start all."""
        for replica in self.replicas:
            replica.spawn()

    def look_after(self) -> None:
        """Start again what ended by itself, as `textwire up` does."""
        for replica in self.replicas:
            self.ended_by_themselves[replica.name] += replica.start_if_ended()

    def end(self) -> None:
        """Kill all."""
        for replica in self.replicas:
            replica.kill()


def ready(replicas: Iterable[Replica]) -> bool:
    """Whether each says that it is."""
    return all(replica.readiness()[0] == 200 for replica in replicas)


def eventually(holds: Callable[[], bool], within_s: float, every_s: float = 0.1) -> bool:
    """Wait for something to hold; whether it came to that."""
    ends_at = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > ends_at:
            return False
        time.sleep(every_s)
    return True
