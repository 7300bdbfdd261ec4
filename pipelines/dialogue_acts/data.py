"""What the pipeline learns from and is judged on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from pipelines.training_data.splits import Split
from textwire.errors import DataError
from textwire.support_qa.dialogue_acts import ACTS
from textwire.support_qa.messages import Act
from textwire.wire.message import Message

LEAST_OF_EACH = 5


class EarlierMessage(msgspec.Struct, frozen=True):
    """What was said before."""

    by: Literal["customer", "bot", "colleague"]
    text: Annotated[str, msgspec.Meta(max_length=8_000)]


class TurnRow(Message, frozen=True):
    """A customer's message, what was said before it, and what it does.

    `also` has what else it does, `parts` its questions where it asks several.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=8_000, pattern=r"\S")]
    act: Act
    before: tuple[EarlierMessage, ...] = ()
    also: tuple[Act, ...] = ()
    parts: tuple[str, ...] = ()
    domain: str = ""
    split: Split | None = None


@dataclass(frozen=True)
class TurnData:
    """Messages in two parts: one to learn from, one to be judged on."""

    train: Sequence[TurnRow]
    held_out: Sequence[TurnRow]

    def checked(self) -> TurnData:
        """Itself, when it can be used.

        Raises: DataError: an act has too few messages in a part.
        """
        for part, rows in (("learned from", self.train), ("held out", self.held_out)):
            counts = Counter(row.act for row in rows)
            few = [f"{act} ({counts[act]})" for act in ACTS if counts[act] < LEAST_OF_EACH]
            if few:
                raise DataError(
                    f"Of the messages that are {part}, too few do this: {', '.join(few)}. At least "
                    f"{LEAST_OF_EACH} of each act are needed in each part."
                )
        return self
