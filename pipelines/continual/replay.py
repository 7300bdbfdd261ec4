"""Examples of earlier periods that are kept, so that they can be learned again beside new ones."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import msgspec

from textwire.errors import DataError
from textwire.undecodable import NOT_DECODABLE

REPLAY_FILE = "replay.json"


class Kept(msgspec.Struct, frozen=True):
    """An example as it is kept: what was read, and what was right."""

    text: str
    label: Annotated[int, msgspec.Meta(ge=0)]
    period: str = ""


class Reservoir(msgspec.Struct):
    """A sample of all that was ever seen, of a fixed size, each example as likely in it as any.

    Algorithm R: the first `size` are kept; the n-th after that takes a random place with
    probability size / n.

    Source: Vitter 1985, "Random Sampling with a Reservoir"; for replay Chaudhry et al. 2019,
            arXiv:1902.10486.
    """

    size: Annotated[int, msgspec.Meta(ge=1)]
    kept: list[Kept] = []
    seen: int = 0

    def add(self, examples: Iterable[Kept], rng: random.Random) -> None:
        """See examples, once each, in their order."""
        for example in examples:
            self.seen += 1
            if len(self.kept) < self.size:
                self.kept.append(example)
                continue
            place = rng.randrange(self.seen)
            if place < self.size:
                self.kept[place] = example

    def write(self, folder: Path) -> None:
        """Keep it beside an artifact, as a whole or not at all."""
        aside = folder / f".{REPLAY_FILE}"
        aside.write_bytes(msgspec.json.encode(self))
        aside.replace(folder / REPLAY_FILE)


def read_reservoir(folder: Path, size: int) -> Reservoir:
    """The one that stands beside an artifact; an empty one where there is none yet.

    Args:   size: of an empty one.
    Raises: DataError: the file is none.
    """
    file = folder / REPLAY_FILE
    try:
        return msgspec.json.decode(file.read_bytes(), type=Reservoir)
    except FileNotFoundError:
        return Reservoir(size)
    except NOT_DECODABLE as error:
        raise DataError(f"{file} holds no examples to replay: {error}.") from error
