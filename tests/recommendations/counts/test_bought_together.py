from __future__ import annotations

from textwire.recommendations.counts.bought_together import BoughtTogether, CountedTogether
from textwire.recommendations.keys import together_key
from textwire.results.memory import MemoryResults
from textwire.results.writes import Count


def test_the_heaviest_neighbours_of_an_item_come_first() -> None:
    store = MemoryResults()
    row = together_key("tent")
    counts = {"lamp": 5, "b": 2, "a": 2, "no": -1}
    store.write([Count(row, item_id, by) for item_id, by in counts.items()])
    known: BoughtTogether = CountedTogether(store)
    assert known.beside("tent", 9) == [("lamp", 5.0), ("a", 2.0), ("b", 2.0)]
    assert known.beside("tent", 1) == [("lamp", 5.0)]
    assert known.beside("ghost", 9) == []
