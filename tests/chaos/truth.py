"""What is wrong, since when and until when: by which the readiness of services is judged."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# A service that was started, or whose servers are back, works again within this time.
RECOVERS_WITHIN_S = 20.0
# A probe of an orchestrator waits as long, by default.
ANSWERS_WITHIN_S = 1.0


@dataclass
class Wrong:
    """Something that is wrong.

    of                 the replica that suffers; None: all of them.
    shows_within_s     when it must show in the readiness; None: it need not.
    tells              what a replica that is ready all the same must say of it, if that is enough.
    recovers_within_s  how long after its end it excuses a service that is not ready.
    touches_others     how another replica begins what it may rightly say of it; "": it may not.
    """

    what: str
    of: str | None = None
    shows_within_s: float | None = None
    tells: str = ""
    recovers_within_s: float = RECOVERS_WITHIN_S
    touches_others: str = ""
    began: float = field(default_factory=time.monotonic)
    ended: float = float("inf")

    def concerns(self, replica: str) -> bool:
        """Whether a replica suffers from it."""
        return self.of in (None, replica)

    def is_hidden(self, at: float, said: str) -> bool:
        """Whether a replica that suffers and says at a moment that it is ready is not true."""
        if self.shows_within_s is None or (self.tells and self.tells in said):
            return False
        return self.began + self.shows_within_s <= at <= self.ended

    def touches(self, replica: str, said: str) -> bool:
        """Whether what a replica says of itself may come of what another one suffers."""
        told = bool(self.touches_others) and said.startswith(self.touches_others)
        return told and not self.concerns(replica)

    def excuses(self, at: float) -> bool:
        """Whether a replica that is concerned may say that it is not ready, or nothing.

        One that was asked just before may have been struck while it answered.
        """
        return self.began - ANSWERS_WITHIN_S <= at <= self.ended + self.recovers_within_s


class Truth:
    """All that was wrong while a scenario ran."""

    def __init__(self) -> None:
        self.wrongs: list[Wrong] = []

    def began(self, wrong: Wrong) -> Wrong:
        """Something is wrong from now on."""
        self.wrongs.append(wrong)
        return wrong

    @contextmanager
    def wrong(self, wrong: Wrong) -> Iterator[None]:
        """Something is wrong meanwhile."""
        self.began(wrong)
        try:
            yield
        finally:
            wrong.ended = time.monotonic()
