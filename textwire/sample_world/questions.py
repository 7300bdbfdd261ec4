"""The customers of the sample stream: what each of them asks, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from textwire.errors import DataError
from textwire.undecodable import NOT_DECODABLE

Conversation = list[str]


class SampleQuestion(msgspec.Struct):
    """A sample question, and what the same customer asked before it."""

    text: str
    turns: list[str] = []

    @property
    def conversation(self) -> Conversation:
        """Everything the customer asks, in order."""
        return [*self.turns, self.text]


FILES = ("questions.jsonl", "follow_ups.jsonl", "unanswerable.jsonl")


def sample_conversations(folder: Path) -> list[Conversation]:
    """All conversations of the samples in a folder.

    Raises: DataError: a file is missing or broken.
    """
    return [asked.conversation for name in FILES for asked in _read(folder / name)]


def shuffled_for_ever(conversations: list[Conversation], random: Random) -> Iterator[Conversation]:
    """Every conversation once, in a random order, again and again."""
    while True:
        yield from random.sample(conversations, len(conversations))


def _read(path: Path) -> list[SampleQuestion]:
    try:
        return msgspec.json.Decoder(SampleQuestion).decode_lines(path.read_bytes())
    except (OSError, *NOT_DECODABLE) as error:
        raise DataError(f"The samples {path} cannot be read: {error}. Install anew.") from error
