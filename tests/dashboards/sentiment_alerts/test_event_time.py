"""Counts in event time, and the small picture that is drawn of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from dashboards.sentiment_alerts.event_time import Gathered, gathered, step_for, step_starts
from dashboards.sentiment_alerts.sparkline import (
    BARS_TOP,
    HEIGHT,
    WIDTH,
    bar_boxes,
    drawing,
    line_points,
    sparkline,
)
from textwire.sentiment_alerts.results.records import Cell

END = datetime(2026, 2, 25, 17, 0, tzinfo=UTC)
BASE = timedelta(minutes=10)
DAY = timedelta(hours=24)
bases = st.sampled_from([1, 2, 5, 10, 15, 30, 60]).map(lambda minutes: timedelta(minutes=minutes))
hours_ago = st.floats(0, 100).map(lambda hours: END - timedelta(hours=hours))


def cell(start: datetime, **changes: float) -> Cell:
    fields = {"negative": 1, "score_sum": -0.5, "expected": 0.2}
    return Cell(start=start, **(fields | changes))  # type: ignore[arg-type]


def on_grid(at: datetime, base: timedelta) -> datetime:
    return at - (at - datetime(1970, 1, 1, tzinfo=UTC)) % base


@given(st.lists(hours_ago, max_size=80), bases)
def test_no_article_of_the_span_is_lost_and_none_counted_twice(
    times: list[datetime], base: timedelta
) -> None:
    cells = [cell(start) for start in sorted({on_grid(at, base) for at in times})]
    step = step_for(DAY, base)
    steps = gathered(cells, END, DAY, step, base)
    within = [one for one in cells if steps[0].start <= one.start < steps[-1].end]
    assert sum(one.negative for one in steps) == len(within)


@given(hours_ago, bases)
def test_steps_follow_one_another_and_the_last_holds_the_end(
    end: datetime, base: timedelta
) -> None:
    step = step_for(DAY, base)
    starts = step_starts(end, DAY, step)
    assert {later - earlier for earlier, later in itertools.pairwise(starts)} <= {step}
    assert starts[-1] < end <= starts[-1] + step


def test_a_span_that_ends_on_a_step_does_not_begin_an_empty_one() -> None:
    assert step_starts(END, DAY, timedelta(hours=1))[-1] == END - timedelta(hours=1)


def test_a_step_is_doubled_until_few_enough_fill_the_span() -> None:
    assert step_for(DAY, BASE) == timedelta(minutes=40)
    assert step_for(timedelta(hours=6), BASE) == BASE


def test_the_score_is_the_mean_of_the_articles_and_none_without_any() -> None:
    two = cell(END - BASE, negative=1, positive=1, score_sum=0.4)
    *_, quiet, last = gathered([two], END, DAY, BASE, BASE)
    assert last.score == 0.2
    assert quiet.score is None


def test_what_is_usual_goes_on_through_steps_without_an_article() -> None:
    cells = [cell(END - 5 * BASE, expected=0.2), cell(END - BASE, expected=0.4)]
    steps = gathered(cells, END, 6 * BASE, 2 * BASE, BASE)
    assert [None if s.expected is None else round(s.expected, 2) for s in steps] == [0.4, 0.4, 0.8]


counts = st.integers(0, 10_000)
scores = st.one_of(st.none(), st.floats(-1, 1))
sparks = st.lists(
    st.builds(
        Gathered, start=st.just(END), end=st.just(END), negative=counts, neutral=counts,
        positive=counts, score=scores,
    ),
    min_size=1,
    max_size=48,
)  # fmt: skip


@given(sparks)
def test_a_sparkline_stays_within_its_picture(steps: list[Gathered]) -> None:
    assert all(0 <= x <= WIDTH and 0 <= y < BARS_TOP for x, y in line_points(steps))
    for x, y, width, height in bar_boxes(steps):
        assert 0 <= x <= x + width <= WIDTH + 1
        assert BARS_TOP <= y <= y + height <= HEIGHT
    ElementTree.fromstring(drawing(steps))  # noqa: S314 - our own drawing


def test_more_negative_articles_make_a_higher_bar() -> None:
    few, many = Gathered(END, END, negative=2), Gathered(END, END, negative=9)
    [(_, _, _, low), (_, _, _, high)] = bar_boxes([few, many])
    assert 0 < low < high


def test_a_sparkline_says_in_words_what_it_shows() -> None:
    picture = sparkline([Gathered(END, END, negative=1)])
    assert picture.words == "last 24 h: 1 negative article"
