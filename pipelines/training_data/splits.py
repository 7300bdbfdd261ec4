"""What is learned from, and what is held out to be judged on."""

from __future__ import annotations

import hashlib
from typing import Literal

from textwire.errors import RecordRejected
from textwire.rows.kinds import plain

Split = Literal["train", "held_out"]

# One row in five is held out where the file does not say.
HELD_OUT_ONE_OF = 5
# What others call the two parts. A part to choose settings by is not learned from, so it is held
# out as the last one is: nothing is chosen here.
TRAIN_NAMES = ("train", "training", "learn", "fit")
HELD_OUT_NAMES = (
    "held_out", "holdout", "test", "testing", "dev", "valid", "validation", "val", "eval",
    "evaluation",
)  # fmt: skip
_SPLITS: dict[str, Split] = {
    **{plain(name): "train" for name in TRAIN_NAMES},
    **{plain(name): "held_out" for name in HELD_OUT_NAMES},
}


def split_by_text(text: str) -> Split:
    """By the text's own hash: the same whatever else the file holds."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return "held_out" if int(digest[:8], 16) % HELD_OUT_ONE_OF == 0 else "train"


def split_named(said: str) -> Split:
    """The part that a file calls so.

    Raises: RecordRejected: it is no name of a part.
    """
    split = _SPLITS.get(plain(said))
    if split is None:
        raise RecordRejected(
            f"`split`: {said!r} is none of {', '.join(TRAIN_NAMES)} (learned from) and "
            f"{', '.join(HELD_OUT_NAMES)} (judged on)"
        )
    return split
