"""Noticing a new champion."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

from textwire.errors import Unavailable
from textwire.models.artifact import Artifact
from textwire.models.registry import CHAMPION, Registry

log = structlog.get_logger(__name__)

# How long `stop` waits: a model that is just being loaded cannot be interrupted, and as a daemon
# it holds up nobody's exit.
STOPPED_WITHIN_S = 2.0


class ChampionWatcher(Thread):
    """Asks the registry which version is champion, and hands a new one on.

    A champion that cannot be used is logged once, and what is in use stays until the alias moves
    again. When the registry or something else is away, the next look tries again.
    """

    def __init__(
        self,
        registry: Registry,
        task: str,
        in_use: str,
        use: Callable[[Artifact], None],
        every_s: float,
    ) -> None:
        """Start with `start()`.

        Args: in_use: the version that is served already.
              use: takes a new champion, and returns once it is served.
        """
        super().__init__(name=f"{task}-champion", daemon=True)
        self._registry = registry
        self._task = task
        self._seen = in_use
        self._use = use
        self._every_s = every_s
        self._stopping = Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stopping.wait(self._every_s):
            self.look()

    def look(self) -> None:
        """Look once."""
        try:
            version = self._registry.alias(self._task, CHAMPION)
            if version is not None and version != self._seen:
                self._take(version)
        except Unavailable as error:
            log.warning("champion_not_reached", task=self._task, error=str(error))

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self.is_alive():
            self.join(STOPPED_WITHIN_S)

    def _take(self, version: str) -> None:
        try:
            self._use(self._registry.open(self._task, version))
        except Unavailable:
            raise
        except Exception as error:  # whatever a foreign model raises, the old one stays
            log.exception("champion_refused", task=self._task, version=version, error=str(error))
        else:
            log.info("champion_taken", task=self._task, version=version)
        self._seen = version
