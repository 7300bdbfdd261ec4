"""Where posts go, and what it says of a post that it does not take."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from textwire.errors import TextwireError
from textwire.sentiment_alerts.results.records import WaitingPost


class NotTaken(TextwireError):
    """The address did not take a post; it may take it later, in `retry_after_s` if it said so."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.retry_after_s = retry_after_s


class Refused(TextwireError):
    """The address will not take this post, however often it comes."""


class Recipient(Protocol):
    """Where posts go."""

    def post(self, post: WaitingPost, at: datetime) -> None:
        """Post once. Raises: NotTaken: not now. Refused: never."""
        ...

    def close(self) -> None:
        """Post no more."""
        ...
