"""The text of /readyz: what a service says of itself, as it is written and as others read it."""

from __future__ import annotations

from typing import NamedTuple, Self

READY = "ready"
# What the line of warnings begins with.
WARNING = "warning: "


class Readiness(NamedTuple):
    """Whether a service can work; why not, and what works worse than it should, in a line each."""

    reason: str = ""
    warnings: str = ""

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.reason

    @property
    def text(self) -> str:
        """As people and programs read it."""
        warned = [WARNING + self.warnings] if self.warnings else []
        return "".join(f"{line}\n" for line in [self.reason or READY, *warned])

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the text of another process."""
        first, _, rest = text.partition("\n")
        warned = [line.removeprefix(WARNING) for line in rest.splitlines()]
        return cls("" if first == READY else first, "; ".join(warned))
