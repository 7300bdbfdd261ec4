"""What is known of a challenger in shadow, and of drift: kept in Redis, for pages and for `watch`.

All of it is bounded: counters of one pair of versions, two windows of what the champion said, and
one record of what `pipelines watch` found. It goes away by itself when nobody writes it any more.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from textwire.results.keys import key
from textwire.results.reading import read_table
from textwire.results.store import ResultStore
from textwire.results.writes import Append, Count, SetField, Write

# Texts of each of the two windows that a drift test compares. 500 against 500 tell apart
# distributions that differ by 0.10 at their widest (Kolmogorov-Smirnov, level 0.01).
WINDOW = 500
KEPT_FOR_S = 30 * 24 * 60 * 60
MILLIONTHS = 1_000_000
WATCHES = key("shadow", "watches")

Stage = Literal["steady", "training", "shadow", "waits", "promoted", "refused", "nothing_new"]


class ShadowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A challenger beside the champion, on the same live texts.

    texts        that both have read.
    same         of these: both say the same.
    difference   mean total variation distance of their probabilities, from 0 to 1.
    skipped      texts of the share that were not read, since the challenger was behind.
    """

    texts: int
    same: int
    difference: float
    skipped: int

    @property
    def agreement(self) -> float:
        """The part of texts of which both say the same; 0 where none was read."""
        return self.same / self.texts if self.texts else 0.0


class TwoSampleTest(msgspec.Struct, frozen=True, kw_only=True):
    """One two-sample test: what was first seen of the champion against what was seen last."""

    of: str  # "scores" or "vectors"
    test: str
    statistic: float
    p: float
    level: float

    @property
    def drifted(self) -> bool:
        """Whether both samples are told apart."""
        return self.p < self.level


class WatchState(msgspec.Struct, frozen=True, kw_only=True):
    """What `pipelines watch` found at its last look, and did."""

    task: str
    champion: str
    at: datetime
    stage: Stage = "steady"
    told: str = ""
    challenger: str | None = None
    reasons: tuple[str, ...] = ()
    drift: tuple[TwoSampleTest, ...] = ()
    tested_at_texts: int = 0  # texts of the champion when drift was last tested
    decided: str | None = None  # the last challenger that the gate has judged
    feedback: int | None = None


def observed_writes(task: str, version: str, rows: NDArray[np.float32], first: int) -> list[Write]:
    """What to write of texts that a champion has read.

    Args: rows: (n, d) float32, a text's confidence first, then what was said of it as a vector.
          first: how many of them belong to the first window.
    """
    packed = [row.astype("<f2").tobytes() for row in rows]
    return [
        *(Append(_seen(task, version, "first"), row, WINDOW, KEPT_FOR_S) for row in packed[:first]),
        *(Append(_seen(task, version, "last"), row, WINDOW, KEPT_FOR_S) for row in packed[first:]),
        Count(_seen(task, version, "count"), "texts", len(packed), KEPT_FOR_S),
    ]


def observed_texts(store: ResultStore, task: str, version: str) -> int:
    """How many texts a champion was seen to read."""
    return _number(store.fields(_seen(task, version, "count")).get("texts"))


def read_windows(
    store: ResultStore, task: str, version: str
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What was first seen of a champion, and what was seen last: (n, d) and (m, d) float32."""
    first, last = (
        _unpacked(store.tail(_seen(task, version, window), WINDOW)) for window in ("first", "last")
    )
    return first, last


def compared_writes(
    task: str, champion: str, challenger: str, *, texts: int, same: int, difference: float
) -> list[Write]:
    """What to write of texts that both have read; `difference` is the sum over them."""
    by = {"texts": texts, "same": same, "millionths": round(difference * MILLIONTHS)}
    place = _pair(task, champion, challenger)
    return [Count(place, name, number, KEPT_FOR_S) for name, number in by.items() if number]


def skipped_write(task: str, champion: str, challenger: str, texts: int) -> Write:
    """What to write of texts that the challenger was too slow for."""
    return Count(_pair(task, champion, challenger), "skipped", texts, KEPT_FOR_S)


def read_shadow(store: ResultStore, task: str, champion: str, challenger: str) -> ShadowFigures:
    """How both compare so far, over all replicas."""
    fields = store.fields(_pair(task, champion, challenger))
    texts, same, millionths, skipped = (
        _number(fields.get(name)) for name in ("texts", "same", "millionths", "skipped")
    )
    return ShadowFigures(
        texts=texts,
        same=same,
        difference=millionths / MILLIONTHS / texts if texts else 0.0,
        skipped=skipped,
    )


def watch_write(state: WatchState) -> Write:
    """What to write of a look."""
    return SetField(WATCHES, state.task, msgspec.json.encode(state), KEPT_FOR_S)


def read_watches(store: ResultStore) -> dict[str, WatchState]:
    """What `pipelines watch` found last, by task."""
    return read_table(store, WATCHES, WatchState)


def _unpacked(values: Sequence[bytes]) -> NDArray[np.float32]:
    # Another version's head may have had other labels: the newest width counts.
    width = len(values[-1]) // 2 if values else 0
    kept = [value for value in values if len(value) == 2 * width]
    rows = np.frombuffer(b"".join(kept), dtype="<f2").reshape(len(kept), width)
    return rows.astype(np.float32)


def _number(value: bytes | None) -> int:
    return int(value) if value else 0


def _seen(task: str, version: str, window: str) -> str:
    return key("shadow", "seen", task, version, window)


def _pair(task: str, champion: str, challenger: str) -> str:
    return key("shadow", "compared", task, champion, challenger)
