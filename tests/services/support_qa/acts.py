"""Readings of dialogue acts for tests: by what a message begins with."""

from __future__ import annotations

from collections.abc import Sequence

from textwire.support_qa.dialogue_acts import BETWEEN, Reading
from textwire.support_qa.messages import Act

BEGINNINGS: dict[str, Act] = {
    "and ": "follow_up",
    "why": "follow_up",
    "I want to talk to a human": "wants_person",
    "talk to a human": "wants_person",
    "hello": "greeting",
    "thanks": "thanks",
    "bye": "goodbye",
    "yes": "yes",
    "no ": "no",
    "useless": "complaint",
    "password": "personal_data",
    "no colleague": "refuses_person",
    "both": "two_questions",
}


class ByBeginning:
    """Reads acts as sure as it is told to."""

    def __init__(self, probability: float = 0.95) -> None:
        self._probability = probability

    def read(self, messages: Sequence[str]) -> list[Reading]:
        return [self._reading(message.partition(BETWEEN)[0]) for message in messages]

    def _reading(self, text: str) -> Reading:
        found = [act for beginning, act in BEGINNINGS.items() if text.startswith(beginning)]
        act = found[-1] if found else "question"
        parts: dict[Act, float] = {act: self._probability}
        if "how do i" in text:
            parts.setdefault("question", self._probability)
        return Reading(act, self._probability, parts)
