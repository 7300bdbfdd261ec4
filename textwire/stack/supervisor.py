"""Starts parts layer by layer, watches them, and stops them in the reverse order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import NoReturn, Self

from textwire.backoff import Backoff
from textwire.stack.logs import rotate
from textwire.stack.process import Process
from textwire.stack.restarting import RestartingProcess, State, Tell, restart_backoff

LOOK_EVERY_S = 0.05
ROTATE_EVERY_S = 10.0


class Supervisor:
    """The parts of the stack, the first started last stopped.

    Args:
        tell: hears what a person should know, one sentence at a time.
        changed: is called when a part's state or process has changed.
        backoff: makes the waits between the restarts of one part.
    """

    def __init__(
        self,
        tell: Tell,
        *,
        changed: Callable[[], None] = lambda: None,
        backoff: Callable[[], Backoff] = restart_backoff,
    ) -> None:
        self._tell, self._changed, self._backoff = tell, changed, backoff
        self._layers: list[list[RestartingProcess]] = []
        self._seen: list[tuple[State, int | None, str]] = []
        self._rotate_at = time.monotonic() + ROTATE_EVERY_S

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def parts(self) -> list[RestartingProcess]:
        """Every part, in the order of their start."""
        return [part for layer in self._layers for part in layer]

    def adopt(self, *running: Process) -> None:
        """Look after processes that do their work already."""
        layer = self._new_layer(running)
        for part in layer:
            part.started()
        self.look()

    def start(self, *processes: Process) -> None:
        """Start processes together, and wait until all of them do their work.

        Raises: StackError: one ended, or was not ready in time; with the last lines of its log.
        """
        layer = self._new_layer(processes)
        for part in layer:
            part.process.spawn()
        for part in layer:
            part.process.wait_until_ready(meanwhile=self.look)
            part.started()
        self.look()

    def watch_for_ever(self) -> NoReturn:
        """Keep every part running, until an exception ends it (KeyboardInterrupt)."""
        while True:
            self.look()
            time.sleep(LOOK_EVERY_S)

    def look(self) -> None:
        """See to every part once, and say what changed."""
        for part in self.parts:
            part.look()
        self._rotate_logs()
        self._say_what_changed()

    def stop(self) -> None:
        """Stop layer by layer, the last started first, each part within its bound."""
        for layer in reversed(self._layers):
            for part in layer:
                part.stopped()
                part.process.terminate()
            for part in layer:
                part.process.stop()
            self._say_what_changed()

    def kill(self) -> None:
        """End every part at once."""
        for part in reversed(self.parts):
            part.stopped()
            part.process.kill()

    def _new_layer(self, processes: Iterable[Process]) -> list[RestartingProcess]:
        layer = [
            RestartingProcess(process, self._tell, backoff=self._backoff()) for process in processes
        ]
        self._layers.append(layer)
        return layer

    def _rotate_logs(self) -> None:
        if time.monotonic() < self._rotate_at:
            return
        self._rotate_at = time.monotonic() + ROTATE_EVERY_S
        for part in self.parts:
            rotate(part.process.log)

    def _say_what_changed(self) -> None:
        seen = [(part.state, part.process.pid, part.reason) for part in self.parts]
        if seen != self._seen:
            self._seen = seen
            self._changed()
