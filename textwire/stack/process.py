"""One part of the stack as a child process of this one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from textwire.errors import StackError
from textwire.file_rights import owner_only
from textwire.stack.logs import last_lines, plain
from textwire.stack.process_spec import ProcessSpec

DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")
POLL_S = 0.05
# The kernel ends what is killed at once, but for what waits for a disk that does not answer.
KILLED_WITHIN_S = 5.0
# The kernel ends such a child with the *thread* that started it: one thread starts them all,
# and lives as long as this process does.
_SPAWNER = ThreadPoolExecutor(1, thread_name_prefix="spawner")


class Process:
    """A part that can be started, stopped, killed, and started again."""

    def __init__(self, part: ProcessSpec, log: Path) -> None:
        self.part = part
        self.log = log
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The part's name."""
        return self.part.name

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return self._child.pid if self._child and self.running else None

    @property
    def running(self) -> bool:
        """Whether the child process lives."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_status(self) -> int | None:
        """How the last run ended: its status, or minus the signal that ended it."""
        return self._child.poll() if self._child else None

    @property
    def finished(self) -> bool:
        """Whether it ended because its work is done."""
        return self.part.may_end and not self.running and self.exit_status == 0

    def start(self) -> None:
        """Start it and wait until it does its work.

        Raises: StackError: it ended, or was not ready in time.
        """
        self.spawn()
        try:
            self.wait_until_ready()
        except BaseException:  # Ctrl-C too: what nobody holds yet must not stay behind
            self.stop()
            raise

    @owner_only()
    def spawn(self) -> None:
        """Start it, without waiting; what it writes is for its owner alone.

        Raises: StackError: the program cannot be run.
        """
        if self.running:
            return
        try:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self._child = _SPAWNER.submit(self._popen).result()
        except OSError as error:
            raise StackError(f"{self.name} cannot be started: {error}.") from error

    def wait_until_ready(self, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait for it to do its work, or to have done it.

        Raises: StackError: it ended, or was not ready in time; with the last lines of its log.
        """
        deadline = time.monotonic() + self.part.ready_within_s
        while not (self.ready() or self.finished):
            if not self.running:
                raise StackError(self._explained(f"ended at its start ({self.ending})"))
            if time.monotonic() > deadline:
                self.stop()
                raise StackError(
                    self._explained(f"was not ready after {self.part.ready_within_s:.0f} s")
                )
            meanwhile()
            time.sleep(POLL_S)

    def ready(self) -> bool:
        """Whether it runs and does its work."""
        return self.running and self.part.ready()

    @property
    def ending(self) -> str:
        """How the last run ended, in words."""
        status = self.exit_status
        if status is None:
            return "it runs"
        return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"

    def stop(self) -> None:
        """Ask it to end; when its time is over, kill it."""
        if not self.running:
            return
        self.terminate()
        if not self.wait(self.part.stop_within_s):
            self.kill()

    def terminate(self) -> None:
        """Ask it to end, without waiting."""
        if self._child and self.running:
            self._child.terminate()

    def wait(self, within_s: float) -> bool:
        """Whether it ended within the time."""
        try:
            if self._child:
                self._child.wait(within_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it and what it started, at once (SIGKILL), also where it is frozen."""
        if self._child and self.running:
            os.killpg(self._child.pid, signal.SIGKILL)
            self.wait(KILLED_WITHIN_S)

    def _popen(self) -> subprocess.Popen[bytes]:
        wrapper = [sys.executable, "-I", "-S", str(DIE_WITH_PARENT), str(os.getpid())]
        # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops
        # the parts in their order.
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [*wrapper, *self.part.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **self.part.environment},
                start_new_session=True,
            )

    def _explained(self, what_happened: str) -> str:
        tail = [f"  {plain(line)}" for line in last_lines(self.log, 8).splitlines()]
        said = "\n".join([" It said last:", *tail]) if tail else ""
        return f"{self.name} {what_happened}; its log is {self.log}.{said}"
