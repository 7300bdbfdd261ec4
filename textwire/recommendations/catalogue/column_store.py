"""Fields of all items as columns, so that a filter looks at all of them at once.

Items stand in segments of falling size, the newest last; what is put in makes a small one, and two
that are nearly alike become one, so that each item is moved a few times at most. A field's column
is made when it is first asked for, and goes along when segments become one.

A column holds each different value once, and pairs of (row, value). A filter is answered by the
different values, and what fits of these is looked up for all rows at once; what it means is said by
`filters.matches`, which gives the same for each item.

Source: O'Neil et al. 1996, "The log-structured merge-tree".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textwire.recommendations.catalogue.filters import field_of
from textwire.recommendations.messages import Filters, FilterValue, Item, Range

Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]
Key = tuple[str, object]
# No field that a filter can name: its texts are not empty.
PUBLISHED = ""
# A segment in which more than this part is gone is made anew.
GONE_PART = 0.5


@dataclass(frozen=True)
class _Column:
    """A field of n items: values (v,) as numbers, NaN for what is none; pairs of row and value."""

    length: int
    values: NDArray[np.float64]
    by_key: Mapping[Key, Sequence[int]]
    rows: NDArray[np.int32]
    codes: NDArray[np.int32]

    @classmethod
    def of(cls, items: Sequence[Item], name: str) -> _Column:
        codes_of: dict[Key, int] = {}
        numbers: list[float] = []
        rows: list[int] = []
        codes: list[int] = []
        for row, item in enumerate(items):
            for held in _each(_held(item, name)):
                key = _held_key(held)
                code = codes_of.get(key)
                if code is None:
                    code = codes_of[key] = len(numbers)
                    numbers.append(held if key[0] == "number" else math.nan)
                rows.append(row)
                codes.append(code)
        by_key: dict[Key, list[int]] = {}
        for key, code in codes_of.items():
            for one in _answers(key):
                by_key.setdefault(one, []).append(code)
        return cls(
            len(items),
            np.array(numbers, dtype=np.float64),
            by_key,
            np.array(rows, dtype=np.int32),
            np.array(codes, dtype=np.int32),
        )

    def fits(self, wanted: FilterValue) -> Bools:
        """Which items have what is wanted, (n,)."""
        good = self._good_values(wanted)
        found = np.zeros(self.length, dtype=bool)
        found[self.rows[good[self.codes]]] = True
        return found

    def _good_values(self, wanted: FilterValue) -> Bools:
        if isinstance(wanted, Range):
            good = ~np.isnan(self.values)
            if wanted.min is not None:
                good &= self.values >= wanted.min
            if wanted.max is not None:
                good &= self.values <= wanted.max
            return good
        good = np.zeros(len(self.values), dtype=bool)
        for one in wanted if isinstance(wanted, tuple) else (wanted,):
            for key in _wanted_keys(one):
                good[list(self.by_key.get(key, ()))] = True
        return good


@dataclass(frozen=True)
class _Segment:
    """Items of rising numbers, (n,), and which of them are still there."""

    items: Sequence[Item]
    numbers: Numbers
    there: Bools
    columns: dict[str, _Column] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Sequence[Item], numbers: Numbers, names: Collection[str]) -> _Segment:
        segment = cls(items, numbers, np.ones(len(items), dtype=bool))
        for name in names:
            segment.column(name)
        return segment

    def column(self, name: str) -> _Column:
        if name not in self.columns:
            self.columns[name] = _Column.of(self.items, name)
        return self.columns[name]

    def without(self, numbers: Numbers) -> _Segment:
        places = np.searchsorted(self.numbers, numbers)
        places = places[places < len(self.numbers)]
        places = places[np.isin(self.numbers[places], numbers)]
        if not len(places):
            return self
        there = self.there.copy()
        there[places] = False
        left = replace(self, there=there)
        return left if there.mean() > 1.0 - GONE_PART else left.joined(_NOTHING)

    def joined(self, newer: _Segment) -> _Segment:
        both = (self, newer)
        items = [
            item
            for segment in both
            for item, there in zip(segment.items, segment.there, strict=True)
            if there
        ]
        numbers = np.concatenate([segment.numbers[segment.there] for segment in both])
        return _Segment.of(items, numbers, {**self.columns, **newer.columns})

    def matching(self, filters: Filters) -> Bools:
        found = self.there.copy()
        for name, wanted in filters.items():
            found &= self.column(name).fits(wanted)
        return found

    def offered(self, at_s: float) -> Bools:
        """On sale, and out by then."""
        on_sale = self.column("available").fits(wanted=True)
        # What is not out yet is rare: a column of dates says which those are.
        out = np.ones(len(self.items), dtype=bool)
        dates = self.column(PUBLISHED)
        late = dates.values[dates.codes] > at_s
        out[dates.rows[late]] = False
        both: Bools = on_sale & out
        return both


_NOTHING = _Segment((), np.empty(0, dtype=np.int64), np.empty(0, dtype=bool))


@dataclass(frozen=True)
class ItemColumns:
    """All items under their numbers. It never changes: `changed` gives another."""

    segments: tuple[_Segment, ...] = ()

    def changed(self, new: Mapping[int, Item], gone: Collection[int]) -> ItemColumns:
        """Numbers gone, and then items put in under numbers above all that there were."""
        left = np.array(sorted(gone), dtype=np.int64)
        segments = [one.without(left) for one in self.segments] if len(left) else [*self.segments]
        segments = [one for one in segments if len(one.numbers)]
        if new:
            numbers = np.fromiter(new, dtype=np.int64, count=len(new))
            segments.append(_Segment(tuple(new.values()), numbers, np.ones(len(new), dtype=bool)))
        while len(segments) > 1 and 2 * len(segments[-1].numbers) >= len(segments[-2].numbers):
            newest = segments.pop()
            segments.append(segments.pop().joined(newest))
        return ItemColumns(tuple(segments))

    def matching(self, filters: Filters) -> Numbers:
        """Numbers of the items that have all that is asked for, (m,) rising."""
        return _numbers((one, one.matching(filters)) for one in self.segments)

    def unmet(self, filters: Filters) -> list[str]:
        """Names of the filters of which each alone fits no item, on sale or not."""
        return [
            name
            for name, wanted in filters.items()
            if not any(one.matching({name: wanted}).any() for one in self.segments)
        ]

    def offered(self, filters: Filters, at: datetime, without: Sequence[Filters] = ()) -> Numbers:
        """Of these the ones that are on sale and out, and that have none of `without`, (m,)."""
        return _numbers(self._offered(filters, at.timestamp(), without))

    def _offered(
        self, filters: Filters, at_s: float, without: Sequence[Filters]
    ) -> Iterator[tuple[_Segment, Bools]]:
        for segment in self.segments:
            found = segment.matching(filters) & segment.offered(at_s)
            for blocked in without:
                found &= ~segment.matching(blocked)
            yield segment, found


def _numbers(found: Iterator[tuple[_Segment, Bools]]) -> Numbers:
    parts = [segment.numbers[there] for segment, there in found]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _held(item: Item, name: str) -> Any:
    return item.published_at if name == PUBLISHED else field_of(item, name)


def _each(held: Any) -> Iterator[Any]:
    """The values that a field holds, of those that a filter can name."""
    if isinstance(held, tuple):
        for one in held:
            yield from _each(one)
    elif isinstance(held, datetime):
        yield held.timestamp()
    elif isinstance(held, bool | int | float | str):
        yield held


def _held_key(held: bool | float | str) -> Key:
    if isinstance(held, bool):
        return "truth", held
    return ("text", held) if isinstance(held, str) else ("number", float(held))


def _answers(key: Key) -> Iterator[Key]:
    """The ways in which a value is asked for: a text also by a number that is written so."""
    kind, held = key
    if kind == "text":
        yield "folded", str(held).casefold()
    yield key


def _wanted_keys(wanted: bool | float | str) -> Iterator[Key]:
    if isinstance(wanted, bool):
        yield "truth", wanted
    elif isinstance(wanted, str):
        yield "folded", wanted.casefold()
    else:
        yield "number", float(wanted)
        yield "text", f"{wanted:g}"
