"""Reading the public files: items, purchases, and the cases that are judged on.

Divided by time for all users alike: a shop's owner has the purchases before `TEST_FROM`, and the
cases are of what followed.

Each case is a user's purchases so far and the one that followed (Amazon Reviews 2018).
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.training_data.data_files import by_path
from textwire.errors import DataError
from textwire.recommendations.messages import BehaviourEvent, Item
from textwire.undecodable import NOT_DECODABLE

VALID_FROM = datetime.fromtimestamp(1495152000, UTC)
TEST_FROM = datetime.fromtimestamp(1511049600, UTC)
DESCRIPTION_LETTERS = 400  # the rest repeats itself, and costs half of the time


class Case(NamedTuple):
    """A user's purchases so far, at most ten, and the item that followed, with its day."""

    user_id: str
    at: datetime
    history: list[BehaviourEvent]
    item_id: str


@dataclass(frozen=True)
class PurchaseLog:
    """The files as a source to train from: all items, and the purchases before a time."""

    folder: Path
    until: datetime

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder."""
        names = ("items.jsonl", "interactions.csv", "valid.csv", "test.csv")
        return by_path(*(self.folder / name for name in names))

    def read(self) -> ShopData:
        """All of it, checked.

        Raises: DataError: the files are not there, or not as they should be.
        """
        items, events, valid, test = self.files.values()
        # What histories tell of later days is cut with the events of these days.
        every = with_repeats(read_events(events), [*read_cases(valid), *read_cases(test)])
        before = [event for event in every if moment_of(event) < self.until]
        return ShopData(read_items(items), before).checked()


def read_items(path: Path) -> list[Item]:
    """Title, brand and the beginning of the description.

    Raises: DataError: the file is not there, or not as it should be.
    """
    try:
        rows = msgspec.json.Decoder(dict[str, str | int | None]).decode_lines(path.read_bytes())
        return [
            Item(
                id=str(row["item_id"]),
                title=str(row["title"])[:1_000],
                category=str(row["brand"])[:500] if row.get("brand") else None,
                description=str(row.get("description") or "")[:DESCRIPTION_LETTERS] or None,
            )
            for row in rows
        ]
    except (OSError, KeyError, *NOT_DECODABLE) as error:
        raise _unreadable(path, error) from error


def read_events(path: Path) -> list[BehaviourEvent]:
    """Purchases, in order of time.

    Raises: DataError: the file is not there, or not as it should be.
    """
    rows = read_rows(path, ("user_id", "item_id", "timestamp"))
    events = (_purchase(row["user_id"], row["item_id"], row["timestamp"]) for row in rows)
    return sorted(events, key=moment_of)


def read_cases(path: Path) -> list[Case]:
    """The given histories, each with the item that followed.

    Raises: DataError: the file is not there, or not as it should be.
    """
    columns = ("user_id", "timestamp", "item_id", "history_item_ids", "history_timestamps")
    return [
        Case(
            row["user_id"],
            _moment(row["timestamp"]),
            [
                _purchase(row["user_id"], item_id, timestamp)
                for item_id, timestamp in zip(
                    row["history_item_ids"].split(), row["history_timestamps"].split(), strict=True
                )
            ],
            row["item_id"],
        )
        for row in read_rows(path, columns)
    ]


def with_repeats(events: Sequence[BehaviourEvent], cases: Sequence[Case]) -> list[BehaviourEvent]:
    """The log, with what was bought twice on a day twice in it.

    Its file has each purchase of an item by a user on a day once; the cases still tell how often.
    """
    often: Counter[tuple[str, str | None, datetime | None]] = Counter()
    for case in cases:
        bought = [(case.user_id, event.item_id, event.at) for event in case.history]
        for key, times in Counter([*bought, (case.user_id, case.item_id, case.at)]).items():
            often[key] = max(often[key], times)
    again = (
        event for event in events for _ in range(often[event.user_id, event.item_id, event.at] - 1)
    )
    return sorted([*events, *again], key=moment_of)


def sample_cases(cases: list[Case], count: int | None, seed: int) -> list[Case]:
    """So many of them at random, or all, in order of time."""
    some = count is not None and count < len(cases)
    drawn = random.Random(seed).sample(cases, count or 0) if some else cases  # noqa: S311
    return sorted(drawn, key=lambda case: case.at)


def _purchase(user_id: str, item_id: str, timestamp: str) -> BehaviourEvent:
    return BehaviourEvent(user_id=user_id, kind="purchase", item_id=item_id, at=_moment(timestamp))


def _moment(timestamp: str) -> datetime:
    return datetime.fromtimestamp(int(timestamp), UTC)


def read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a file, which must have these columns.

    Raises: DataError: the file is not there, or not as it should be.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise _unreadable(path, error) from error
    missing = [column for column in columns if not rows or column not in rows[0]]
    if missing:
        raise _unreadable(path, KeyError(missing[0]))
    return rows


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"{path} cannot be read ({error!r}). Set --data or TEXTWIRE_DATA to the folder that holds "
        f"{path.parent.name}/{path.name}."
    )
