"""Less of the data, the same rows for every method: a budget."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic

from pipelines.running.training_spec import D, Source
from textwire.errors import DataError

SEED = 0


@dataclass(frozen=True)
class Sampled(Generic[D]):
    """A source of so many rows to learn from, and at most so many held out; None: all."""

    source: Source[D]
    rows: int | None = None
    held_out: int | None = None

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read."""
        return self.source.files

    def read(self) -> D:
        """The data with fewer rows, drawn by lot and the same each time.

        Raises: DataError: the data are not divided into rows to learn from and rows held out.
        """
        data: Any = self.source.read()
        if self.rows is None and self.held_out is None:
            return data  # type: ignore[no-any-return]
        if not (hasattr(data, "train") and hasattr(data, "held_out")):
            raise DataError(
                "These data are divided by time, so no rows can be left out: leave out --rows and "
                "--held-out."
            )
        return replace(  # type: ignore[no-any-return]
            data,
            train=_drawn(data.train, self.rows),
            held_out=_drawn(data.held_out, self.held_out),
        )


def _drawn(rows: Sequence[Any], most: int | None) -> list[Any]:
    if most is None or len(rows) <= most:
        return list(rows)
    places = random.Random(SEED).sample(range(len(rows)), most)  # noqa: S311 - no secret
    return [rows[place] for place in sorted(places)]
