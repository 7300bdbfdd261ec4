"""Telling a surge from the usual: one company or one topic, cell after cell.

At the end of each cell the negative articles of the last window are counted and compared with the
key's own baseline, which knows only cells before that window. A surge begins where so many are
improbable enough and outnumber the positive ones, goes on while the count stays unusual, and is
over after a while of quiet.

A count only grows while its cell is open, and the baseline stands fixed meanwhile. So what tips the
count before the cell closes still tips it then, unless good news outnumber it: `foreseen` says at
once what `step` will.

A company is tested as a whole and together with each of its topics; see docs/surges.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.baseline import Rate
from textwire.sentiment_alerts.cell_tally import (
    WHOLE,
    CellTally,
    Negative,
    articles_of,
    balance,
    negatives_by_key,
    time_of,
)
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.pooled_baseline import Kind, PooledBaseline, prior_rate
from textwire.sentiment_alerts.tone_shift import ShiftRules

# The budget is not shared among fewer keys than this: an engine that has just begun knows few.
FEWEST_KEYS = 100
# How many times the expected a cell of a surge counts in the baseline, at most. A surge is some
# hundred times the expected, and so as good as left out; while one that is a company's new level,
# or an hour of the day that was not known to be busy, is learned within days.
SURGE_TEACHES = 3.0
NAMED_ARTICLES = 50


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When there is a surge.

    false_alarms_per_day  how many surges by chance are put up with, over all keys together.
    least_articles        fewer negative articles are none.
    hold_probability      it goes on while the window's count is less probable than this.
    quiet_minutes         it is over after so long without that.
    reopen_hours          another one so soon after is the same.
    half_life_days        after which a cell counts half in the baseline.
    warm_up_hours         an engine that has just begun raises nothing.
    shift_share           of the false alarms, those that falls of tone may have; 0: none is looked
                          for.
    """

    false_alarms_per_day: float = 1.0
    least_articles: int = 4
    hold_probability: float = 0.01
    quiet_minutes: int = 30
    reopen_hours: float = 6.0
    half_life_days: float = 7.0
    warm_up_hours: float = 6.0
    topic_alerts: bool = False
    topic_least_articles: int = 12
    topic_times: float = 3.0
    shift_share: float = 0.1

    @property
    def shifts(self) -> ShiftRules | None:
        """When a tone has fallen; None where that is not looked for."""
        if not self.shift_share:
            return None
        return ShiftRules(false_alarms_per_day=self.shift_share * self.false_alarms_per_day)

    def looks_for_shifts(self, kind: Kind) -> bool:
        """Whether the tone of a company, or a topic, is watched."""
        return bool(self.shift_share) and (kind != "topic" or self.topic_alerts)

    def least_for(self, kind: Kind) -> int | None:
        """How many negative articles a surge has at least; None where that kind has none."""
        if kind != "topic":
            return self.least_articles
        return self.topic_least_articles if self.topic_alerts else None

    def discount(self, timing: Timing) -> float:
        """What a cell's weight is multiplied by when it is one cell older."""
        return float(0.5 ** (1 / (self.half_life_days * timing.cells_per_day)))


class SeriesState(msgspec.Struct, frozen=True, array_like=True):
    """Discounted articles and exposure of the cells before `at`; None until it was first seen."""

    kind: Kind
    first_seen: int
    at: int | None = None
    articles: float = 0.0
    exposure: float = 0.0
    all_exposure: float = 0.0  # the pooled baseline's before `at`, from which later ones follow


class SurgeEpisode(msgspec.Struct, frozen=True, kw_only=True):
    """A surge: under way, or over since cell `ended`."""

    begun: int
    raised_ms: int
    since: int  # the first cell of the window in which it was raised
    whole: bool  # all of the company's articles, or those of `topic` alone
    topic: str | None
    base: tuple[float, float]  # the key's rate when it was raised: shape, exposure
    observed: int
    exposure: float  # seasons from `since` to `last`
    articles: tuple[Negative, ...]  # the first ones
    covered: int  # the last cell that was counted in
    last: int  # the last cell with an article
    quiet: int = 0
    ended: int | None = None
    times: int = 0  # how often it was reopened

    @property
    def under_way(self) -> bool:
        """Whether it goes on."""
        return self.ended is None

    @property
    def key(self) -> str:
        """The key that is counted."""
        return WHOLE if self.whole else self.topic or WHOLE

    @property
    def rate(self) -> Rate:
        """What was usual when it was raised."""
        return Rate(*self.base)


class EntitySeries(msgspec.Struct, frozen=True, kw_only=True):
    """A company with its topics, or a topic: its keys, what is not folded yet, its last surge."""

    name: str
    kind: Kind
    keys: dict[str, SeriesState] = {}
    cells: dict[int, CellTally] = {}
    surged: tuple[int, ...] = ()  # cells not folded yet at whose end it surged
    episode: SurgeEpisode | None = None
    number: int = 0  # of its episodes so far

    @property
    def is_active(self) -> bool:
        """Whether the end of a cell changes anything."""
        surging = self.episode is not None and self.episode.under_way
        return surging or bool(self.cells) or any(k.at is None for k in self.keys.values())


class Stepped(NamedTuple):
    """A series after a cell, and what its folded cell counted, by kind of key."""

    series: EntitySeries
    folded: dict[str, float]


class SurgeTest:
    """What counts are measured with, from the pooled baseline's folded cell on."""

    def __init__(self, pooled: PooledBaseline, timing: Timing, rules: Rules, upto: int) -> None:
        """For cells before `upto`."""
        self.timing, self.rules = timing, rules
        self.discount = rules.discount(timing)
        self._pooled = pooled
        self._exposures = pooled.exposures(upto, timing, self.discount)

    @property
    def warm_from(self) -> int:
        """The first cell in which a surge can begin."""
        cells = self.rules.warm_up_hours * self.timing.cells_per_hour
        return self._pooled.first + int(cells)

    def season(self, cell: int) -> float:
        """How busy a cell is, beside an average one."""
        return self._pooled.season(cell, self.timing)

    def window_exposure(self, cell: int) -> float:
        """Of the window that ends with a cell, as busy as it may be for all that is known."""
        return sum(self._pooled.season_at_most(one, self.timing) for one in self.window(cell))

    def window(self, cell: int) -> range:
        """The cells of the window that ends with a cell."""
        return range(cell - self.timing.window + 1, cell + 1)

    def tide(self, cells: Iterable[int], own: float) -> float:
        """By how much busier than expected cells are for all companies but one; 1 at least."""
        return self._pooled.tide(cells, own, self.timing)

    def level(self, cell: int) -> float:
        """How improbable a count must be: the budget, shared among all tests of a day."""
        keys = max(FEWEST_KEYS, self._pooled.hour(cell, self.timing).keys)
        budget = (1 - self.rules.shift_share) * self.rules.false_alarms_per_day
        return budget / (keys * self.timing.cells_per_day)

    def rate(self, key: SeriesState, cell: int) -> Rate:
        """A key's rate from its cells before this one, which are all folded."""
        rolled = self.rolled(key, cell)
        hour = self._pooled.hour(cell, self.timing)
        return prior_rate(key.kind, hour, rolled.articles, rolled.exposure)

    def rolled(self, key: SeriesState, cell: int) -> SeriesState:
        """The key after cells without articles."""
        if key.at is None or key.at == cell:
            return key
        faded = self.discount ** (cell - key.at)
        now = self._exposures[cell]
        exposure = faded * key.exposure + now - faded * key.all_exposure
        return SeriesState(
            key.kind, key.first_seen, cell, faded * key.articles, max(0.0, exposure), now
        )

    def folded(
        self, key: SeriesState, cell: int, articles: int, *, surged: bool
    ) -> tuple[SeriesState, float]:
        """The key with one more cell, and what was counted of it.

        A surge teaches little: what is far beyond the expected is left out.
        """
        if key.first_seen > cell:
            return key, 0.0
        if key.at is None:
            key = SeriesState(key.kind, key.first_seen, cell, all_exposure=self._exposures[cell])
        key = self.rolled(key, cell)
        season = self.season(cell)
        counted = float(articles)
        if surged:
            expected = self.rate(key, cell).mean * season * self.tide([cell], articles)
            counted = min(counted, SURGE_TEACHES * expected)
        return (
            SeriesState(
                key.kind,
                key.first_seen,
                cell + 1,
                self.discount * key.articles + counted,
                self.discount * key.exposure + season,
                self._exposures[cell + 1],
            ),
            counted,
        )


def step(series: EntitySeries, cell: int, surge_test: SurgeTest) -> Stepped:
    """The series after the end of a cell: tested, and its oldest cell folded into the baseline.

    Args: surge_test: its baseline is folded up to the beginning of the cell's window at most.
    """
    window_start = cell - surge_test.timing.window + 1
    window = Window(series, cell, surge_test)
    episode, number = _episode_after(series, cell, window)
    surging = episode is not None and episode.under_way
    surged = (*series.surged, cell) if surging else series.surged
    keys, folded = _folded_keys(series, window_start, surge_test, surged=bool(surged))
    return Stepped(
        replace(
            series,
            keys=keys,
            cells={at: tally for at, tally in series.cells.items() if at > window_start},
            surged=tuple(one for one in surged if one > window_start),
            episode=episode,
            number=number,
        ),
        folded,
    )


def foreseen(series: EntitySeries, closed: int, surge_test: SurgeTest) -> EntitySeries:
    """The series as the cells that are still open will leave it, by the articles there are.

    Args: closed: the first open cell. No further than a window from it: there the baseline ends.
    """
    last = max((cell for cell, tally in series.cells.items() if tally.articles), default=closed - 1)
    for cell in range(closed, min(last, closed + surge_test.timing.window - 1) + 1):
        series = step(series, cell, surge_test).series
    return series


def without(episode: SurgeEpisode, article_id: str, instead: Negative | None) -> SurgeEpisode:
    """The episode once one of its articles was corrected: `instead` if it is negative still."""
    if all(one.article_id != article_id for one in episode.articles):
        return episode
    kept = [one for one in episode.articles if one.article_id != article_id]
    if instead is not None:
        by_time = sorted([*kept, instead], key=lambda one: (one.at_ms, one.article_id))
        return replace(episode, articles=tuple(by_time))
    return replace(episode, articles=tuple(kept), observed=episode.observed - 1)


class Tip(NamedTuple):
    """A key whose count is improbable."""

    probability: float
    at_ms: int  # of the article that tipped it
    rate: Rate


class Window:
    """What a series has in the window that ends with a cell, and how unusual that is."""

    def __init__(self, series: EntitySeries, cell: int, surge_test: SurgeTest) -> None:
        self.test, self.cell = surge_test, cell
        self.start = cell - surge_test.timing.window + 1
        self.cells = {
            at: series.cells[at] for at in sorted(series.cells) if self.start <= at <= cell
        }
        self.counts = negatives_by_key(self.cells.values())
        self._series = series

    def rate(self, key: str) -> Rate:
        """What is usual for a key."""
        return self.test.rate(self._series.keys[key], self.start)

    def exposure(self) -> float:
        """Of the window, with what comes to all companies at once; a topic is what comes to all."""
        exposure = self.test.window_exposure(self.cell)
        if self._series.kind == "topic":
            return exposure
        return exposure * self.test.tide(self.test.window(self.cell), self.counts[WHOLE])

    def tips(self) -> dict[str, Tip]:
        """The keys whose negative articles are improbably many, and more than the positive ones."""
        least = self.test.rules.least_for(self._series.kind)
        if least is None or self.counts[WHOLE] < least or self.cell < self.test.warm_from:
            return {}
        exposure, level = self.exposure(), self.test.level(self.cell)
        tips: dict[str, Tip] = {}
        for key, count in self.counts.items():
            if count < least or key not in self._series.keys:
                continue
            rate = self.rate(key)
            probability = rate.probability(count, exposure)
            if not self._is_much(count, rate.mean * exposure):
                continue
            if probability < level and balance(self.cells.values(), key) > 0:
                needed = _least_that_tips(rate, least, count, exposure, level)
                at_ms = time_of(list(self.cells.values()), key, needed)
                tips[key] = Tip(probability, at_ms, rate)
        return tips

    def _is_much(self, count: int, expected: float) -> bool:
        """Whether it is worth telling: a topic has its ups and downs every day."""
        is_topic = self._series.kind == "topic"
        return not is_topic or count >= self.test.rules.topic_times * expected

    def holds(self) -> bool:
        """Whether a surge under way goes on."""
        exposure = self.exposure()
        return any(
            count > 1
            and balance(self.cells.values(), key) > 0
            and self.rate(key).probability(count, exposure) < self.test.rules.hold_probability
            for key, count in self.counts.items()
            if key in self._series.keys
        )

    def after(self, covered: int, key: str) -> tuple[dict[int, CellTally], int]:
        """The cells after one with a key's negative articles, and how many these are."""
        cells = {
            at: tally
            for at, tally in self.cells.items()
            if at > covered and key in tally.keys and tally.keys[key].negative
        }
        return cells, sum(tally.keys[key].negative for tally in cells.values())


def _least_that_tips(rate: Rate, least: int, count: int, exposure: float, level: float) -> int:
    """The smallest count that is improbable enough, by bisection: the tail falls with the count."""
    low, high = least, count
    while low < high:
        middle = (low + high) // 2
        if rate.probability(middle, exposure) < level:
            high = middle
        else:
            low = middle + 1
    return low


def _folded_keys(
    series: EntitySeries, cell: int, surge_test: SurgeTest, *, surged: bool
) -> tuple[dict[str, SeriesState], dict[str, float]]:
    tally = series.cells.get(cell, CellTally())
    keys: dict[str, SeriesState] = {}
    folded: dict[str, float] = {}
    for name, key in series.keys.items():
        count = tally.keys[name].negative if name in tally.keys else 0
        if not count and key.at is not None:
            keys[name] = key  # rolled on when it is needed
            continue
        keys[name], counted = surge_test.folded(key, cell, count, surged=surged)
        folded[key.kind] = folded.get(key.kind, 0.0) + counted
    return keys, folded


def _episode_after(
    series: EntitySeries, cell: int, window: Window
) -> tuple[SurgeEpisode | None, int]:
    episode = series.episode
    if episode is not None and episode.under_way:
        return _gone_on(episode, cell, window), series.number
    tips = window.tips()
    if not tips:
        return episode, series.number
    if episode is not None and cell - (episode.ended or 0) <= _reopen_cells(window.test):
        return _reopened(episode, cell, window), series.number
    return _begun(cell, window, tips), series.number + 1


def _begun(cell: int, window: Window, tips: Mapping[str, Tip]) -> SurgeEpisode:
    whole = WHOLE in tips
    key = WHOLE if whole else min(tips, key=lambda name: (tips[name].probability, name))
    cells, observed = window.after(window.start - 1, key)
    last = max(cells)
    return SurgeEpisode(
        begun=cell,
        raised_ms=min(tip.at_ms for tip in tips.values()),
        since=window.start,
        whole=whole,
        topic=_main_topic(window.counts) if whole else key,
        base=(tips[key].rate.shape, tips[key].rate.exposure),
        observed=observed,
        exposure=sum(window.test.season(one) for one in range(window.start, last + 1)),
        articles=tuple(articles_of(cells.values(), key)[:NAMED_ARTICLES]),
        covered=cell,
        last=last,
    )


def _gone_on(episode: SurgeEpisode, cell: int, window: Window) -> SurgeEpisode:
    grown = _grown(episode, cell, window)
    if window.holds():
        return replace(grown, quiet=0)
    quiet = grown.quiet + 1
    over = quiet * window.test.timing.step_minutes >= window.test.rules.quiet_minutes
    return replace(grown, quiet=quiet, ended=cell if over else None)


def _reopened(episode: SurgeEpisode, cell: int, window: Window) -> SurgeEpisode:
    grown = _grown(episode, cell, window)
    return replace(grown, quiet=0, ended=None, times=episode.times + 1)


def _grown(episode: SurgeEpisode, cell: int, window: Window) -> SurgeEpisode:
    new, more = window.after(episode.covered, episode.key)
    if not new:
        return replace(episode, covered=cell)
    last = max(new)
    exposure = sum(window.test.season(one) for one in range(episode.last + 1, last + 1))
    named = articles_of(new.values(), episode.key)
    return replace(
        episode,
        observed=episode.observed + more,
        exposure=episode.exposure + exposure,
        articles=(*episode.articles, *named)[:NAMED_ARTICLES],
        covered=cell,
        last=last,
    )


def _reopen_cells(surge_test: SurgeTest) -> float:
    return surge_test.rules.reopen_hours * surge_test.timing.cells_per_hour


def _main_topic(counts: Counter[str]) -> str | None:
    """The topic of half of the articles or more, if one is."""
    topics = [(-count, topic) for topic, count in counts.items() if topic != WHOLE]
    count, topic = min(topics, default=(0, None))
    return topic if -2 * count >= counts[WHOLE] else None
