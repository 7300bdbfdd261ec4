"""What sentiment alerts leave for pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from textwire.results.memory import MemoryResults
from textwire.sentiment_alerts.results.keys import cells_key
from textwire.sentiment_alerts.results.reading import read_cells
from textwire.sentiment_alerts.results.records import Cell, Subject
from textwire.sentiment_alerts.results.writing import cell_writes

AT = datetime(2026, 3, 2, tzinfo=UTC)
STEP = timedelta(minutes=10)
CELLS_OF_THREE_DAYS = 3 * 24 * 6
SUBJECT = Subject("Northmere", "labour")


@given(st.lists(st.integers(0, 4 * CELLS_OF_THREE_DAYS), min_size=1, max_size=60))
def test_cells_of_three_days_are_kept_and_no_others(places: list[int]) -> None:
    store = MemoryResults()
    for place in sorted(places):
        store.write(cell_writes(SUBJECT, Cell(start=AT + place * STEP, negative=place)))
    kept = [cell.negative for cell in read_cells(store, *SUBJECT)]
    newest = max(places)
    assert kept == sorted({place for place in places if newest - place < CELLS_OF_THREE_DAYS})


def test_a_company_that_is_seldom_in_the_news_keeps_no_old_cells() -> None:
    store = MemoryResults()
    for turn in range(2 * CELLS_OF_THREE_DAYS):
        start = AT + turn * (CELLS_OF_THREE_DAYS + 7) * STEP
        store.write(cell_writes(SUBJECT, Cell(start=start)))
    assert len(store.fields(cells_key(SUBJECT))) <= CELLS_OF_THREE_DAYS
    assert len(read_cells(store, *SUBJECT)) == 1


def test_one_that_is_in_the_news_no_more_is_forgotten_after_a_week() -> None:
    now_s = 0.0
    store = MemoryResults(lambda: now_s)
    store.write(cell_writes(SUBJECT, Cell(start=AT)))
    now_s = 7 * 24 * 60 * 60 + 1
    assert store.fields(cells_key(SUBJECT)) == {}
