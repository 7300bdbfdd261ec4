"""Event time in cells, and up to where it has come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
HALF_HOUR_MS = 30 * MINUTE_MS
HALF_HOURS = 48  # of a day


class WeekTime(NamedTuple):
    """A half hour of the week: of which day, Monday first, and which of that day."""

    day: int
    half_hour: int


class Timing(msgspec.Struct, frozen=True, kw_only=True):
    """How event time is cut.

    step_minutes     the width of a cell; divides an hour.
    window_minutes   the width of the window whose count is tested; some whole cells.
    lateness_minutes how much later than the newest an article may come and still be counted.
    sources          partitions that articles come through, each in its own order.
    idle_s           a source that was silent for so long, in the broker's time, is waited for no
                     more.
    silence_minutes  a source must be silent for so long, in the broker's time, to be told of.
    zone             whose clock the news follow: a market's opening is at its time of day there.
    """

    step_minutes: int = 10
    window_minutes: int = 60
    lateness_minutes: int = 15
    sources: int = 1
    idle_s: int = 60
    silence_minutes: int = 30
    zone: str = "UTC"

    @property
    def step_ms(self) -> int:
        """The width of a cell."""
        return self.step_minutes * MINUTE_MS

    @property
    def window(self) -> int:
        """Cells in a window."""
        return self.window_minutes // self.step_minutes

    @property
    def cells_per_hour(self) -> int:
        """Cells in an hour."""
        return 60 // self.step_minutes

    @property
    def cells_per_day(self) -> int:
        """Cells in a day: as often each key is tested."""
        return 24 * self.cells_per_hour

    def cell(self, at_ms: int) -> int:
        """The number of the cell that a moment lies in."""
        return at_ms // self.step_ms

    def half_hour(self, cell: int) -> WeekTime:
        """The half hour of the week, by the zone's clock, in which a cell begins."""
        return week_time(cell * self.step_ms // HALF_HOUR_MS, self.zone)

    def day(self, cell: int) -> int:
        """The day, by the zone's clock, in which a cell begins: as `date.toordinal` counts."""
        return day_of(cell * self.step_ms // HALF_HOUR_MS, self.zone)

    def day_start(self, day: int) -> datetime:
        """When a day begins by the zone's clock, in UTC."""
        midnight = datetime.combine(date.fromordinal(day), time(), ZoneInfo(self.zone))
        return midnight.astimezone(UTC)

    def start(self, cell: int) -> datetime:
        """When a cell begins, and the one before it ends."""
        return moment_of(cell * self.step_ms)


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """How far one source has come: in the articles' time, and in the broker's.

    others  articles that came through other sources since its last one.
    """

    published_ms: int
    written_ms: int
    others: int = 0

    def passed_over(self) -> Progress:
        """After an article through another source."""
        return Progress(self.published_ms, self.written_ms, self.others + 1)


def advanced(progress: Progress | None, published_ms: int, written_ms: int) -> Progress:
    """A source's progress after one more article."""
    if progress is None:
        return Progress(published_ms, written_ms)
    return Progress(max(progress.published_ms, published_ms), max(progress.written_ms, written_ms))


def watermark_ms(progress: Mapping[int, Progress], begun_ms: int, timing: Timing) -> int | None:
    """Event time up to which all articles are taken to have come; None while a source is silent.

    Each source is in order but for the lateness, and they need not keep pace with one another: the
    slowest counts, as long as it goes on.

    Args: begun_ms: when the first article was written, in the broker's time.
    """
    now_ms = max((one.written_ms for one in progress.values()), default=begun_ms)
    silent_since_ms = now_ms - timing.idle_s * 1000
    if len(progress) < timing.sources and begun_ms >= silent_since_ms:
        return None
    going = [p.published_ms for p in progress.values() if p.written_ms >= silent_since_ms]
    return min(going) - timing.lateness_minutes * MINUTE_MS


def as_ms(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return int(moment.timestamp() * 1000)


def moment_of(at_ms: int) -> datetime:
    """The moment, in UTC."""
    return datetime.fromtimestamp(at_ms / 1000, tz=UTC)


@lru_cache(maxsize=4096)
def week_time(half_hours: int, zone: str) -> WeekTime:
    """The half hour of the week by a zone's clock, so many half hours after 1970 began in UTC."""
    local = moment_of(half_hours * HALF_HOUR_MS).astimezone(ZoneInfo(zone))
    return WeekTime(local.weekday(), 2 * local.hour + (local.minute >= 30))


@lru_cache(maxsize=4096)
def day_of(half_hours: int, zone: str) -> int:
    """The day by a zone's clock, so many half hours after 1970 began in UTC."""
    return moment_of(half_hours * HALF_HOUR_MS).astimezone(ZoneInfo(zone)).toordinal()
