"""Whether a column's days have the day first or the month: 05/06/2026 alone does not tell."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from textwire.rows.cells import Cells
from textwire.rows.moments import EitherDay, either_day

# So many rows wait for one that tells: of one event a minute, more than the twelve first days of a
# month (17,280) that all may be two.
MOST_WAITING = 100_000


def with_days_told(
    rows: Iterator[Cells], names: Sequence[str], moments: Sequence[int], tell: Callable[[str], None]
) -> Iterator[Cells]:
    """The rows, with days that may be two written so that they are one.

    In `28/09/2026` the day stands first, and so it does in all of its column. Where no row of a
    column tells, its days stay as they are; a row that says the opposite is wrong.

    Args: names: of all columns. moments: the places of those that hold times.
    """
    order = _Order(names, set(moments), tell)
    waiting: deque[Cells] = deque()
    for row in rows:
        waiting.append(row)
        order.look_at(row)
        if order.doubted and len(waiting) < MOST_WAITING:
            continue
        order.give_up()
        while waiting:
            yield order.written_out(waiting.popleft())
    while waiting:
        yield order.written_out(waiting.popleft())


@dataclass
class _Order:
    """Which part comes first, by the places of columns: `told` with the day that told it."""

    names: Sequence[str]
    moments: set[int]
    tell: Callable[[str], None]
    told: dict[int, tuple[bool, str]] = field(default_factory=dict)
    doubted: set[int] = field(default_factory=set)

    def look_at(self, row: Cells) -> None:
        for place, day in self._days(row):
            if place in self.told:
                continue
            if day.day_first is None:
                self.doubted.add(place)
                continue
            self.told[place] = day.day_first, day.text
            self.doubted.discard(place)
            first = _first(day.day_first)
            self.tell(f"`{self.names[place]}` has the {first} first, as in `{day.text}`")

    def give_up(self) -> None:
        """Hold no more rows up for columns that have told nothing in so many."""
        self.moments -= self.doubted
        self.doubted.clear()

    def written_out(self, row: Cells) -> Cells:
        cells = list(row.cells)
        for place, day in self._days(row):
            if place not in self.told:
                continue
            day_first, by = self.told[place]
            if day.day_first is (not day_first):
                name, first = self.names[place], _first(day_first)
                wrong = f"`{name}`: {day.text!r} cannot have the {first} first, as {by!r} has"
                return row._replace(wrong=wrong)
            cells[place] = day.written_out(day_first=day_first)
        return row._replace(cells=cells)

    def _days(self, row: Cells) -> Iterator[tuple[int, EitherDay]]:
        if row.wrong:
            return
        for place in self.moments:
            if place < len(row.cells) and (day := either_day(row.cells[place])):
                yield place, day


def _first(day_first: bool) -> str:
    return "day" if day_first else "month"
