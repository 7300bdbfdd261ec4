"""When a surge begins, goes on, ends and comes back, of one company, cell after cell."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.surges.cell_tally import WHOLE, CellTally, Negative
from textwire.sentiment_alerts.surges.episodes import without
from textwire.sentiment_alerts.surges.pooled_baseline import PooledBaseline
from textwire.sentiment_alerts.surges.rules import Rules
from textwire.sentiment_alerts.surges.series import EntitySeries, SeriesState
from textwire.sentiment_alerts.surges.stepping import foreseen, step
from textwire.sentiment_alerts.surges.surge_test import SurgeTest

TIMING, RULES = Timing(), Rules()
DISCOUNT = RULES.discount(TIMING)
FIRST = 1000 * TIMING.cells_per_day
WARM = FIRST + int(RULES.warm_up_hours * TIMING.cells_per_hour)
QUIET_CELLS = RULES.quiet_minutes // TIMING.step_minutes


class Company:
    """A company whose cells are closed one by one, with so many negative articles in each."""

    def __init__(self, *topics: str) -> None:
        self.pooled = PooledBaseline.beginning(FIRST, FIRST - TIMING.window + 1, TIMING)
        keys = {name: SeriesState("company", FIRST) for name in (WHOLE, *topics)}
        self.series = EntitySeries(name="Northmere", kind="company", keys=keys)
        self.pooled.first_seen("company", FIRST, None)
        self.cell = FIRST

    def close(self, *counts: int) -> Company:
        for count in counts:
            self.series = with_articles(self.series, self.cell, count)
            test = SurgeTest(self.pooled, TIMING, RULES, self.cell + 1)
            self.series, folded = step(self.series, self.cell, test)
            self.pooled.fold(folded, TIMING, DISCOUNT)
            self.cell += 1
        return self

    def warmed_up(self) -> Company:
        return self.close(*[0] * (WARM - FIRST))

    def foreseen(self, series: EntitySeries) -> EntitySeries:
        test = SurgeTest(self.pooled, TIMING, RULES, self.cell + TIMING.window)
        return foreseen(series, self.cell, test)


def with_articles(
    series: EntitySeries, cell: int, count: int, topics: tuple[str, ...] = (), positive: int = 0
) -> EntitySeries:
    if not count + positive:
        return series
    tally, start_ms = CellTally(), cell * TIMING.step_ms
    for key in (WHOLE, *topics):
        tally.counted(key).negative, tally.counted(key).positive = count, positive
    for n in range(count):
        tally.keep(Negative(start_ms + n, f"{cell}-{n}", topics, "Strike"))
    return replace(series, cells={**series.cells, cell: tally})


def test_many_negative_articles_at_once_are_a_surge() -> None:
    episode = Company().warmed_up().close(6).series.episode
    assert episode is not None
    assert episode.under_way
    assert (episode.begun, episode.observed) == (WARM, 6)


def test_one_that_has_just_begun_raises_nothing() -> None:
    assert Company().close(*[0] * (WARM - FIRST - 1), 20).series.episode is None


def test_fewer_articles_than_the_rules_ask_for_are_none() -> None:
    company = Company().warmed_up().close(RULES.least_articles - 1)
    assert company.series.episode is None


def test_what_is_usual_is_no_surge() -> None:
    usual = Company().close(*[1] * (20 * TIMING.cells_per_day))
    assert usual.series.number == 0
    assert usual.close(*[1] * TIMING.window).series.episode is None


def test_it_was_raised_by_the_article_that_tipped_the_count() -> None:
    many = Company().warmed_up().close(12).series.episode
    assert many is not None
    tipped_at = many.raised_ms - WARM * TIMING.step_ms
    fewer = Company().warmed_up().close(tipped_at + 1).series.episode
    assert fewer is not None
    assert fewer.raised_ms == many.raised_ms
    assert Company().warmed_up().close(tipped_at).series.episode is None


def test_it_ends_after_a_while_of_quiet() -> None:
    company = Company().warmed_up().close(6)
    company.close(*[0] * (TIMING.window + QUIET_CELLS))
    assert company.series.episode is not None
    assert not company.series.episode.under_way


@pytest.mark.parametrize(("hours", "number", "times"), [(1, 1, 1), (12, 2, 0)])
def test_another_one_soon_after_is_the_same(hours: int, number: int, times: int) -> None:
    company = Company().warmed_up().close(6, *[0] * (TIMING.window + QUIET_CELLS))
    company.close(*[0] * (hours * TIMING.cells_per_hour), 12)
    assert company.series.episode is not None
    assert company.series.episode.under_way
    assert (company.series.number, company.series.episode.times) == (number, times)


def test_a_topic_of_a_company_can_surge_where_the_company_as_a_whole_does_not() -> None:
    company = Company("strikes").close(*[1] * (20 * TIMING.cells_per_day))
    company.series = with_articles(company.series, company.cell, 6, ("strikes",))
    company.close(0)
    episode = company.series.episode
    assert episode is not None
    assert (episode.whole, episode.topic, episode.observed) == (False, "strikes", 6)


def test_bad_news_that_good_news_outnumber_are_no_surge() -> None:
    company = Company().warmed_up()
    company.series = with_articles(company.series, company.cell, 8, positive=9)
    assert company.close(0).series.episode is None
    company.series = with_articles(company.series, company.cell, 2)
    assert company.close(0).series.episode is not None


def test_an_article_that_was_corrected_leaves_its_surge() -> None:
    episode = Company().warmed_up().close(6).series.episode
    assert episode is not None
    gone = episode.articles[2]
    left = without(episode, gone.article_id, None)
    assert (left.observed, len(left.articles)) == (5, 5)
    again = without(episode, gone.article_id, replace(gone, title="Corrected"))
    assert (again.observed, again.articles[2].title) == (6, "Corrected")
    assert without(episode, "another", None) == episode


articles = st.lists(st.integers(0, 9), min_size=1, max_size=TIMING.window)


@given(articles)
def test_what_is_foreseen_is_what_closing_the_cells_comes_to(counts: Sequence[int]) -> None:
    company = Company().warmed_up()
    series = company.series
    for n, count in enumerate(counts):
        series = with_articles(series, company.cell + n, count)
    ahead = company.foreseen(series).episode
    closed = company.close(*counts).series.episode
    assert (ahead is None) == (closed is None)
    if ahead and closed:
        assert (ahead.raised_ms, ahead.observed) == (closed.raised_ms, closed.observed)


@given(articles, st.data())
def test_what_tipped_stays_so_however_many_come(counts: Sequence[int], data: st.DataObject) -> None:
    company = Company().warmed_up()
    fewer = more = company.series
    for n, count in enumerate(counts):
        more = with_articles(more, company.cell + n, count)
        fewer = with_articles(fewer, company.cell + n, data.draw(st.integers(0, count)))
    if company.foreseen(fewer).episode is not None:
        assert company.foreseen(more).episode is not None
