"""The sample world's shop: its items, and three days of its simulated shoppers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

from pipelines.recommendations.data import ShopData, moment_of
from pipelines.training_data.data_files import by_path
from textwire.recommendations.messages import BehaviourEvent
from textwire.sample_world.shop import sample_items, sample_tastes, simulate_shoppers

# A Monday; items are published before and after it.
START = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass(frozen=True)
class SampleShop:
    """Events that are simulated anew each time, and are the same each time."""

    folder: Path
    users: int = 200
    hours: float = 72.0
    seed: int = 0

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder; the simulator is part of the pipeline's code."""
        return by_path(self.folder / "items.jsonl", self.folder / "tastes.jsonl")

    def read(self) -> ShopData:
        """The items, and what the shoppers do.

        Raises: DataError: the samples are missing or broken.
        """
        return ShopData(sample_items(self.folder, START), list(self._events())).checked()

    def _events(self) -> Iterator[BehaviourEvent]:
        items, tastes = sample_items(self.folder, START), sample_tastes(self.folder)
        events = simulate_shoppers(items, tastes, START, users=self.users, seed=self.seed)
        until = START + timedelta(hours=self.hours)
        return takewhile(lambda event: moment_of(event) < until, events)
