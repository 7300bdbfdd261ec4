"""Lists as they are judged by what comes next: was it in the list that was shown before?

Every click and purchase of a user who was shown a list within a week is looked for in the last
list before it. Days stand apart, models too. What was shown is clicked the more for it, so figures
of two models compare with one another, not with those of an evaluation on past logs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import log2

from textwire.results.keys import key
from textwire.results.reading import read_tables
from textwire.results.store import ResultStore
from textwire.results.writes import Count, Write

K = 10
KEPT_S = 16 * 24 * 60 * 60
# Counters are whole numbers.
MILLIONTHS = 1_000_000


@dataclass(frozen=True)
class Prequential:
    """How often what users took stood in the last list before it.

    hits  in its first ten places. gain: the sum of 1 / log2(1 + rank) of these.
    """

    model: str
    outcome: str
    events: int
    hits: int
    gain: float

    @property
    def hit_rate(self) -> float:
        """HR@10."""
        return self.hits / self.events if self.events else 0.0

    @property
    def ndcg(self) -> float:
        """NDCG@10, one item being what is right."""
        return self.gain / self.events if self.events else 0.0


def seen_before_writes(model: str, outcome: str, rank: int | None, at: datetime) -> list[Write]:
    """Something was taken that stood at a rank of the list before, or did not."""
    where = prequential_key(at)
    counts: list[Write] = [Count(where, f"{model}|{outcome}|events", ttl_s=KEPT_S)]
    if rank is not None and rank <= K:
        gain = round(MILLIONTHS / log2(1 + rank))
        counts.append(Count(where, f"{model}|{outcome}|hits", ttl_s=KEPT_S))
        counts.append(Count(where, f"{model}|{outcome}|gain", gain, ttl_s=KEPT_S))
    return counts


def read_prequential(store: ResultStore, now: datetime, days: int = 7) -> list[Prequential]:
    """Of the last days, the model with the most events first."""
    dates = [now - timedelta(days=back) for back in range(days)]
    tables = read_tables(store, {str(at): prequential_key(at) for at in dates}, int)
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for table in tables.values():
        for model, outcome, name, count in _named(table):
            of_both = sums.setdefault((model, outcome), {})
            of_both[name] = of_both.get(name, 0) + count
    found = [
        Prequential(
            model,
            outcome,
            of_both.get("events", 0),
            of_both.get("hits", 0),
            of_both.get("gain", 0) / MILLIONTHS,
        )
        for (model, outcome), of_both in sums.items()
    ]
    return sorted(found, key=lambda one: (-one.events, one.model, one.outcome))


def prequential_key(at: datetime) -> str:
    """Where a moment's day stands."""
    return key("recs", "prequential", f"{at.astimezone(UTC):%Y-%m-%d}")


def _named(table: dict[str, int]) -> Iterator[tuple[str, str, str, int]]:
    for field, count in table.items():
        parts = field.rsplit("|", 2)
        if len(parts) == 3:
            yield parts[0], parts[1], parts[2], count
