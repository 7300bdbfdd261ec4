"""What a customer's message does: asks, goes on, thanks, wants a person, says nothing to look up.

One classifier reads the message together with what was said right before it: "no" after "Shall I
connect you?" is another thing than "no bots".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

import numpy as np

from textwire.errors import ArtifactError
from textwire.models.engines.classifier import Classifier
from textwire.models.engines.tokenizing import MOST_UNREAD, TokenReader
from textwire.support_qa.messages import Act

ACTS: tuple[Act, ...] = get_args(Act)
TASK = "dialogue-acts"
# What a message does is said at its beginning and its end; a bot's question stands at its end.
MESSAGE_CHARACTERS = 600
REPLY_CHARACTERS = 120
EARLIER_CHARACTERS = 80
# The tokenizers of BERT's family read it as the mark between two texts.
SEPARATOR = "[SEP]"
BETWEEN = f" {SEPARATOR} "


class Said(NamedTuple):
    """An earlier message: whether the customer's, and what it says."""

    by_customer: bool
    text: str


@dataclass(frozen=True)
class Reading:
    """An act with its probability, and how likely each act is a part of the message."""

    act: Act
    probability: float
    parts: dict[Act, float]


# In letters that the model does not know nothing is told apart, and to search it does no harm.
UNREAD = Reading("question", 0.0, {})


def message_in_context(text: str, before: Sequence[Said]) -> str:
    """What the classifier reads, in training too: the message, the last reply, what that was to."""
    message = _both_ends(text.replace(SEPARATOR, " "), MESSAGE_CHARACTERS)
    if not before:
        return message
    reply = "" if before[-1].by_customer else before[-1].text[-REPLY_CHARACTERS:]
    earlier = next((said.text for said in reversed(before) if said.by_customer), "")
    return f"{message}{BETWEEN}{reply} | {earlier[:EARLIER_CHARACTERS]}"


class ActReader:
    """Reads messages with one model: labels are the acts, topics the acts that have a part."""

    def __init__(self, classifier: Classifier, tokens: TokenReader | None = None) -> None:
        """Take a model.

        Args:   tokens: its own, by which is told what it cannot read; None: it reads everything.
        Raises: ArtifactError: the model tells something else.
        """
        if set(classifier.labels) != set(ACTS) or not set(classifier.topics) <= set(ACTS):
            raise ArtifactError(
                f"The model {classifier.name} tells {', '.join(classifier.labels) or 'nothing'}, "
                f"where {', '.join(ACTS)} are read. Run `pipelines dialogue-acts run --force`."
            )
        self._classifier, self._tokens = classifier, tokens

    def read(self, messages: Sequence[str]) -> list[Reading]:
        """What each message does, or `UNREAD`; given as `message_in_context` writes them."""
        found = self._classifier.classify(messages)
        best = np.argmax(found.labels, axis=1)
        acts: list[Act] = [_act(self._classifier.labels[place]) for place in best]
        parts: list[Act] = [_act(name) for name in self._classifier.topics]
        return [
            Reading(act, float(row.max()), dict(zip(parts, map(float, shares), strict=True)))
            if readable
            else UNREAD
            for act, row, shares, readable in zip(
                acts, found.labels, found.topics, self._readable(messages), strict=True
            )
        ]

    def _readable(self, messages: Sequence[str]) -> list[bool]:
        if self._tokens is None:
            return [True] * len(messages)
        own = [message.partition(BETWEEN)[0] for message in messages]
        return [bool(share < MOST_UNREAD) for share in self._tokens.unread_shares(own)]


def _act(name: str) -> Act:
    return next(act for act in ACTS if act == name)


def _both_ends(text: str, characters: int) -> str:
    if len(text) <= characters:
        return text
    half = characters // 2
    return f"{text[:half]} … {text[-half:]}"
