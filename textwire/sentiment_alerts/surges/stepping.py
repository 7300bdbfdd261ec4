"""One company or topic, cell after cell.

A count only grows while its cell is open, and the baseline stands fixed meanwhile. So what tips the
count before the cell closes still tips it then, unless good news outnumber it: `foreseen` says at
once what `step` will.
"""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from textwire.sentiment_alerts.surges.cell_tally import CellTally
from textwire.sentiment_alerts.surges.episodes import episode_after
from textwire.sentiment_alerts.surges.series import EntitySeries, SeriesState
from textwire.sentiment_alerts.surges.surge_test import SurgeTest
from textwire.sentiment_alerts.surges.window import Window


class Stepped(NamedTuple):
    """A series after a cell, and what its folded cell counted, by kind of key."""

    series: EntitySeries
    folded: dict[str, float]


def step(series: EntitySeries, cell: int, surge_test: SurgeTest) -> Stepped:
    """The series after the end of a cell: tested, and its oldest cell folded into the baseline.

    Args: surge_test: its baseline is folded up to the beginning of the cell's window at most.
    """
    window_start = cell - surge_test.timing.window + 1
    window = Window(series, cell, surge_test)
    episode, number = episode_after(series, cell, window)
    surging = episode is not None and episode.under_way
    surged = (*series.surged, cell) if surging else series.surged
    keys, folded = _folded_keys(series, window_start, surge_test, surged=bool(surged))
    return Stepped(
        replace(
            series,
            keys=keys,
            cells={at: tally for at, tally in series.cells.items() if at > window_start},
            surged=tuple(one for one in surged if one > window_start),
            episode=episode,
            number=number,
        ),
        folded,
    )


def foreseen(series: EntitySeries, closed: int, surge_test: SurgeTest) -> EntitySeries:
    """The series as the cells that are still open will leave it, by the articles there are.

    Args: closed: the first open cell. No further than a window from it: there the baseline ends.
    """
    last = max((cell for cell, tally in series.cells.items() if tally.articles), default=closed - 1)
    for cell in range(closed, min(last, closed + surge_test.timing.window - 1) + 1):
        series = step(series, cell, surge_test).series
    return series


def _folded_keys(
    series: EntitySeries, cell: int, surge_test: SurgeTest, *, surged: bool
) -> tuple[dict[str, SeriesState], dict[str, float]]:
    tally = series.cells.get(cell, CellTally())
    keys: dict[str, SeriesState] = {}
    folded: dict[str, float] = {}
    for name, key in series.keys.items():
        count = tally.keys[name].negative if name in tally.keys else 0
        if not count and key.at is not None:
            keys[name] = key  # rolled on when it is needed
            continue
        keys[name], counted = surge_test.folded(key, cell, count, surged=surged)
        folded[key.kind] = folded.get(key.kind, 0.0) + counted
    return keys, folded
