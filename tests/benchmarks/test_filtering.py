from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.filtering import index_of, maker_of, measure_catalogue, repriced, scanned
from benchmarks.shop import composed_items, shop_items
from textwire.recommendations.lists.rules import Rules
from textwire.recommendations.messages import Filters, Range


def test_the_scan_finds_what_is_offered() -> None:
    items, at = composed_items(shop_items(), 400), datetime.now(UTC)
    filters: Filters = {"category": str(items[1].category), "price": Range(min=5.0, max=60.0)}
    index = repriced(index_of(items), items, 1)
    blocked = items[0].tags[0]
    offered = index.offered(filters, at, [{"tags": blocked}])
    found = scanned(index, filters, blocked, at)
    assert [index.items[int(number)].id for number in offered] == found
    assert found
    assert len(maker_of(index, Rules(), at).index) == len(items)


def test_each_mode_has_its_row() -> None:
    rows = measure_catalogue(350, requests=2, scans=1)
    assert [row[:2] for row in rows] == [["350", "for_user"], ["350", "similar"]]
