"""Why a feed could not be read."""

from __future__ import annotations

from textwire.errors import TextwireError


class FeedFailed(TextwireError):
    """A feed could not be read now; it may have said in how many seconds to come again."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s
