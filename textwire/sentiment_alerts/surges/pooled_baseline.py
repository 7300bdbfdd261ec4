"""What all keys together tell: mean rates by kind, how busy each half hour of the week is.

It is learned from cells that are folded in, a window behind those that are closed, and is held
fixed for an hour at a time: the constants of an hour are known before the first test in it, and are
the same in whatever order its articles came.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges.baseline import Rate, rate_of
from textwire.sentiment_alerts.surges.week_profile import WeekProfile

Kind = Literal["company", "topic", "pair"]
KINDS: tuple[Kind, ...] = ("company", "topic", "pair")

# Before anything is known: one negative article in some eight hours. It weighs as 50 cells do.
FIRST_MEAN = 0.02
FIRST_CELLS = 50.0
# What comes to all companies at once is drawn to the expected by as many articles.
TIDE_ARTICLES = 8.0
# After so long a silence nothing is learned from its single cells.
LONGEST_WALK_DAYS = 30


class Sums(msgspec.Struct, array_like=True):
    """Of all keys of a kind: discounted articles and exposure, and how many keys there are."""

    articles: float = 0.0
    exposure: float = 0.0
    keys: int = 0


class Hour(msgspec.Struct, frozen=True, array_like=True):
    """The constants of one hour.

    seasons  how busy each of its cells is, beside an average one.
    at_most  how busy each may be, by what little is known of its half hour.
    """

    seasons: tuple[float, ...]
    at_most: tuple[float, ...]
    means: dict[str, float]
    keys: int
    companies: int


class PooledBaseline(msgspec.Struct):
    """What was learned from the cells before `folded`; `first` is the first cell there was."""

    first: int
    folded: int
    exposure: float = 0.0  # discounted seasons of all folded cells
    sums: dict[str, Sums] = {}
    births: dict[int, dict[str, int]] = {}  # keys that began in cells not yet folded
    come: dict[int, int] = {}  # negative articles of companies in cells not yet folded
    week: WeekProfile = msgspec.field(default_factory=WeekProfile.unknown)
    hours: dict[int, Hour] = {}  # by number since 1970

    @classmethod
    def beginning(cls, first: int, folded: int, timing: Timing) -> PooledBaseline:
        """Nothing learned yet."""
        pooled = cls(
            first=first,
            folded=folded,
            sums={kind: Sums() for kind in KINDS},
            births={},
            come={},
            hours={},
        )
        pooled._open_hours(timing)
        return pooled

    @property
    def keys(self) -> int:
        """All keys there are."""
        not_folded = sum(sum(kinds.values()) for kinds in self.births.values())
        return not_folded + sum(sums.keys for sums in self.sums.values())

    def hour(self, cell: int, timing: Timing) -> Hour:
        """The constants that hold in a cell."""
        number = cell // timing.cells_per_hour
        known = self.hours.get(number)
        return known if known is not None else self._learned(number, timing)

    def season(self, cell: int, timing: Timing) -> float:
        """How busy a cell is, beside an average one."""
        return self.hour(cell, timing).seasons[cell % timing.cells_per_hour]

    def season_at_most(self, cell: int, timing: Timing) -> float:
        """How busy a cell may be, for all that is known."""
        return self.hour(cell, timing).at_most[cell % timing.cells_per_hour]

    def count(self, cell: int, articles: int) -> None:
        """So many more negative articles of companies have come in a cell."""
        self.come[cell] = self.come.get(cell, 0) + articles

    def tide(self, cells: Iterable[int], own: float, timing: Timing) -> float:
        """By how much busier than expected some cells are for all companies but one; 1 at least.

        A rush that nobody could expect, a market's first opening or a holiday's end, comes to all.

        Args: own: the one company's articles in them.
        """
        come, expected = -own, 0.0
        for cell in cells:
            hour = self.hour(cell, timing)
            come += self.come.get(cell, 0)
            expected += hour.means["company"] * hour.companies * self.season(cell, timing)
        return max(1.0, (max(0.0, come) + TIDE_ARTICLES) / (expected + TIDE_ARTICLES))

    def exposures(self, upto: int, timing: Timing, discount: float) -> dict[int, float]:
        """The discounted exposure before each cell from `folded` to `upto`."""
        exposures, exposure = {self.folded: self.exposure}, self.exposure
        for cell in range(self.folded, upto):
            exposure = self._gone_on(exposure, cell, timing, discount)
            exposures[cell + 1] = exposure
        return exposures

    def first_seen(self, kind: Kind, cell: int, before: int | None) -> None:
        """A key has its first article in a cell; `before` is where it was taken to have it."""
        if before is not None:
            self.births[before][kind] -= 1
        kinds = self.births.setdefault(cell, {})
        kinds[kind] = kinds.get(kind, 0) + 1

    def fold(self, counted: dict[str, float], timing: Timing, discount: float) -> None:
        """Learn from the next cell.

        Args: counted: articles of all keys of each kind in it.
        """
        cell = self.folded
        season = self.season(cell, timing)
        self.exposure = self._gone_on(self.exposure, cell, timing, discount)
        for kind, begun in self.births.pop(cell, {}).items():
            self.sums[kind].keys += begun
        for kind, sums in self.sums.items():
            sums.articles = discount * sums.articles + counted.get(kind, 0.0)
            sums.exposure = discount * sums.exposure + sums.keys * season
        if cell >= self.first:
            self.week.learn(timing.half_hour(cell), counted.get("company", 0.0), discount)
        self.come.pop(cell, None)
        self.folded += 1
        self._open_hour(timing)

    def skip(self, cells: int, timing: Timing, discount: float) -> None:
        """Go over a long silence at once."""
        faded = discount**cells
        self.exposure = faded * self.exposure + (1 - faded) / (1 - discount)
        for sums in self.sums.values():
            sums.articles *= faded
            sums.exposure = faded * sums.exposure + sums.keys * (1 - faded) / (1 - discount)
        self.week.fade(faded)
        self.folded += cells
        self.hours.clear()
        self._open_hours(timing)

    def _gone_on(self, exposure: float, cell: int, timing: Timing, discount: float) -> float:
        if cell < self.first:
            return exposure
        return discount * exposure + self.season(cell, timing)

    def _open_hour(self, timing: Timing) -> None:
        """Fix the constants of the hour that begins two windows from here."""
        cell = self.folded + 2 * timing.window
        if cell % timing.cells_per_hour:
            return
        number = cell // timing.cells_per_hour
        self.hours[number] = self._learned(number, timing)
        oldest = self.folded // timing.cells_per_hour - 1
        self.hours = {at: hour for at, hour in self.hours.items() if at >= oldest}

    def _open_hours(self, timing: Timing) -> None:
        """Fix the constants of all hours from here to two windows on."""
        first, last = self.folded, self.folded + 2 * timing.window
        for number in range(first // timing.cells_per_hour, last // timing.cells_per_hour + 1):
            self.hours[number] = self._learned(number, timing)

    def _learned(self, number: int, timing: Timing) -> Hour:
        first = number * timing.cells_per_hour
        cells = [timing.half_hour(first + one) for one in range(timing.cells_per_hour)]
        seasons = {one: self.week.season(one) for one in dict.fromkeys(cells)}
        return Hour(
            seasons=tuple(seasons[one].likely for one in cells),
            at_most=tuple(seasons[one].at_most for one in cells),
            means={kind: _mean(sums) for kind, sums in self.sums.items()},
            keys=sum(sums.keys for sums in self.sums.values()),
            companies=self.sums["company"].keys,
        )


def _mean(sums: Sums) -> float:
    return (sums.articles + FIRST_MEAN * FIRST_CELLS) / (sums.exposure + FIRST_CELLS)


def prior_rate(kind: Kind, hour: Hour, counted: float, exposure: float) -> Rate:
    """A key's rate, given what is known of its kind."""
    return rate_of(counted, exposure, hour.means[kind])
