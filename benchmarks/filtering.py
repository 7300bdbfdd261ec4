"""Requests with filters and rules over catalogues of rising size, in one process, without Kafka.

Each asks for ten items of a category in a range of prices, `similar` to another item or for a user
of whom nothing is known, under a rule that blocks a tag; prices change between requests, one at a
time. The alternative is the scan that filters used to be: `matches`, item by item, over the whole
catalogue, with nothing done to what it finds. `(9.0x)` says that the scan alone takes nine times as
long as the whole list does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from random import Random

import numpy as np
from msgspec.structs import replace

from benchmarks.pace import QUICK, Pace
from benchmarks.shop import NoisyCopies, composed_items, shop_items
from benchmarks.tables import p50_p99, table, times_better
from textwire.recommendations.catalogue.filters import matches
from textwire.recommendations.catalogue.item_index import ItemIndex, is_out
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.popularity import PopularitySnapshot
from textwire.recommendations.lists.candidates import RankingQuery
from textwire.recommendations.lists.rules import Rule, Rules
from textwire.recommendations.lists.scored_lists import ListMaker
from textwire.recommendations.messages import Filters, Item, Mode, Range, ScoreRequest
from textwire.recommendations.ranking.ranker import PriorRanker

SIZES = (350, 100_000)
REQUESTS, SCANS = 200, 20
DIMENSION = 384
PUT_AT_ONCE = 50_000


def measure(pace: Pace) -> str:
    quick = pace == QUICK
    requests, scans = (10, 3) if quick else (REQUESTS, SCANS)
    sizes = (350, pace.many_items) if quick else SIZES
    rows = [row for size in sizes for row in measure_catalogue(size, requests, scans)]
    head = ("items", "list", "p50 ms", "p99 ms", "scan alone, p50 ms", "first request, ms")
    return table(head, rows)


def measure_catalogue(size: int, requests: int, scans: int) -> list[list[str]]:
    """A row for each mode."""
    items = composed_items(shop_items(), size)[:size]
    index, at = index_of(items), datetime.now(UTC)
    blocked = items[0].tags[0]
    rules = Rules(block=(Rule(where={"tags": blocked}),))
    filters: Filters = {"category": str(items[1].category), "price": Range(min=5.0, max=60.0)}
    modes: tuple[Mode, ...] = ("for_user", "similar")
    rows = []
    for mode in modes:
        first_ms, waits = 0.0, []
        for number in range(requests + 1):
            index = repriced(index, items, number)
            maker = maker_of(index, rules, at)
            request = ScoreRequest(
                user_id="u",
                mode=mode,
                item_id=items[number % len(items)].id if mode == "similar" else None,
                filters=filters,
                k=10,
            )
            query = RankingQuery.of(request, None, None, DIMENSION)
            took = timed(partial(maker.lists, [query]))
            if number == 0:
                first_ms = took
            else:
                waits.append(took)
        scan = [timed(partial(scanned, index, filters, blocked, at)) for _ in range(scans)]
        (p50, p99), (plain, _) = p50_p99(waits), p50_p99(scan)
        rows.append(
            [
                f"{size:,}",
                mode,
                f"{p50:.2f}{times_better(p50, plain)}",
                f"{p99:.2f}",
                f"{plain:.2f}",
                f"{first_ms:.0f}",
            ]
        )
    return rows


def index_of(items: Sequence[Item]) -> ItemIndex:
    """An index over vectors that were not made by a model: they cost the same to search."""
    draw = np.random.default_rng(0).standard_normal((64, DIMENSION), dtype=np.float32)
    copies = NoisyCopies("random", draw / np.linalg.norm(draw, axis=1, keepdims=True))
    index = ItemIndex.empty(DIMENSION)
    for start in range(0, len(items), PUT_AT_ONCE):
        part = items[start : start + PUT_AT_ONCE]
        index = index.changed(part, copies.encode([item.id for item in part]))
    return index


def repriced(index: ItemIndex, items: Sequence[Item], seed: int) -> ItemIndex:
    """One item gets another price."""
    draw = Random(seed)  # noqa: S311 - nothing to guess
    item = draw.choice(items)
    put = replace(item, price=round(draw.uniform(1.0, 100.0), 2))
    return index.changed([put], index.vectors_of([item.id]))


def maker_of(index: ItemIndex, rules: Rules, at: datetime) -> ListMaker:
    """What makes lists over that index."""
    return ListMaker(
        index=index,
        ranker=PriorRanker(),
        model="prior",
        popularity=PopularitySnapshot(),
        settings=RecommendationsSettings(),
        at=at,
        rules=rules,
    )


def scanned(index: ItemIndex, filters: Filters, blocked: str, at: datetime) -> list[str]:
    """Ids that may be offered, found item by item."""
    return [
        item.id
        for item in index.items.values()
        if item.on_sale
        and is_out(item, at)
        and matches(item, filters)
        and not matches(item, {"tags": blocked})
    ]


def timed(do: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    do()
    return 1_000 * (time.perf_counter() - began)
