"""What may go wrong: each fault strikes a world, and tells the truth of it."""

from __future__ import annotations

from typing import Protocol

from tests.chaos.world import World


class Fault(Protocol):
    """One thing that goes wrong, with all that is random about it drawn already."""

    def strike(self, world: World) -> None:
        """Do it, and wait as long as belongs to it."""
        ...
