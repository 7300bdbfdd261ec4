"""Why an answer stays in the passage's own words, although a language model is configured."""

from __future__ import annotations

from typing import Literal

from textwire.errors import TextwireError

# The model, or the way to it, is at fault; after a few of these it is left alone for a while.
Away = Literal["unreachable", "timeout", "http_error", "malformed", "too_large"]
# It answered, and what it said cannot be used.
Useless = Literal["refused", "empty", "declined", "unsupported", "incomplete", "repeated"]
# It was not asked: no time was left of the batch's, or it is left alone.
NotAsked = Literal["no_time", "left_alone"]
Reason = Away | Useless | NotAsked


class NotWorded(TextwireError):
    """A language model's words are not to be had, or cannot be used."""

    def __init__(self, reason: Reason, told: str, retry_after_s: float = 0.0) -> None:
        """Args: told: for who runs it; it never quotes a customer, a passage or a key."""
        super().__init__(told)
        self.reason: Reason = reason
        self.retry_after_s = retry_after_s
