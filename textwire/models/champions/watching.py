"""Noticing a new champion."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

from textwire.models.artifacts.artifact import Artifact
from textwire.models.champions.champions import Champions

# How long `stop` waits: a model that is just being loaded cannot be interrupted, and as a daemon
# it holds up nobody's exit.
STOPPED_WITHIN_S = 2.0


class ChampionWatcher(Thread):
    """Looks every so often whether there is a new champion, and hands it on.

    A champion that cannot be used is told of once, and what is in use stays until the alias moves
    or the champion's files do. When the registry or something else is away, the next look tries
    again.
    """

    def __init__(
        self, champions: Champions, use: Callable[[Artifact], object], every_s: float
    ) -> None:
        """Start with `start()`, when a first version is served.

        Args: use: takes a new champion, and returns once it is served.
        """
        super().__init__(name=f"{champions.task}-champion", daemon=True)
        self._champions = champions
        self._use = use
        self._every_s = every_s
        self._stopping = Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self._stopping.wait(self._every_s):
            self.look()

    def look(self) -> None:
        """Look once."""
        self._champions.follow(self._use)

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self.is_alive():
            self.join(STOPPED_WITHIN_S)
