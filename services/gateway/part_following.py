"""How answers begin that are being worded, for those who follow their sessions."""

from __future__ import annotations

import asyncio

from services.gateway.replies import Replies
from textwire.results.store import ResultStore
from textwire.support_qa.messages import Answer
from textwire.support_qa.parts import AnswerPart, read_parts_of

# A sentence takes longer to be worded.
LOOK_EVERY_S = 0.15


class PartFollower:
    """Hands on what is new in Redis; `look` is called again and again, on a thread of its own.

    While nobody is followed Redis is asked nothing, and while nothing is worded for one key.
    """

    def __init__(
        self, results: ResultStore, answers: Replies[Answer], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._results, self._answers, self._loop = results, answers, loop
        self._handed_on: set[AnswerPart] = set()

    def look(self) -> None:
        """Hand on what has come.

        Raises: RedisUnavailable.
        """
        followed = self._answers.followed
        parts = set(read_parts_of(self._results, followed)) if followed else set()
        for part in parts - self._handed_on:
            self._loop.call_soon_threadsafe(self._answers.deliver_part, part)
        self._handed_on = parts
