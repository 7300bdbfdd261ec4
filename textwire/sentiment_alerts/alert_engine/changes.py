"""What one entry of the log leads to, while it is being gathered."""

from __future__ import annotations

from dataclasses import dataclass, field

from textwire.results.writes import Write
from textwire.stream.processor import Outgoing, Result


@dataclass
class Changes:
    """Messages and writes, in their order."""

    messages: list[Outgoing] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    def taken(self) -> Result:
        """What was gathered since the last time."""
        result = Result(tuple(self.messages), tuple(self.writes))
        self.messages.clear()
        self.writes.clear()
        return result
