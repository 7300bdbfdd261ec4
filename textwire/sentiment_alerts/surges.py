"""Telling a surge from the usual: one company or one topic, cell after cell.

At the end of each cell the negative articles of the last window are counted and compared with the
key's own baseline, which knows only cells before that window. A surge begins where so many are
improbable enough, goes on while the count stays unusual, and is over after a while of quiet.

A count only grows while its cell is open, and the baseline stands fixed meanwhile. So what tips the
count before the cell closes still tips it then: `foreseen` says at once what `step` will.

A company is tested as a whole and together with each of its topics; see docs/surges.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from textwire.sentiment_alerts.baseline import Rate
from textwire.sentiment_alerts.event_time import Timing
from textwire.sentiment_alerts.pooled_baseline import Kind, PooledBaseline, prior_rate

# The budget is not shared among fewer keys than this: an engine that has just begun knows few.
FEWEST_KEYS = 100
# How many times the expected a cell of a surge counts in the baseline, at most. A surge is some
# hundred times the expected, and so as good as left out; while one that is a company's new level,
# or an hour of the day that was not known to be busy, is learned within days.
SURGE_TEACHES = 3.0
WHOLE = ""  # the key of a company or topic by itself; others are a company's topics
KEPT_ARTICLES = 50


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """When there is a surge.

    false_alarms_per_day  how many surges by chance are put up with, over all keys together.
    least_articles        fewer negative articles are none.
    hold_probability      it goes on while the window's count is less probable than this.
    quiet_minutes         it is over after so long without that.
    reopen_hours          another one so soon after is the same.
    half_life_days        after which a cell counts half in the baseline.
    warm_up_hours         an engine that has just begun raises nothing.
    """

    false_alarms_per_day: float = 1.0
    least_articles: int = 4
    hold_probability: float = 0.01
    quiet_minutes: int = 30
    reopen_hours: float = 6.0
    half_life_days: float = 7.0
    warm_up_hours: float = 6.0

    def discount(self, timing: Timing) -> float:
        """What a cell's weight is multiplied by when it is one cell older."""
        return float(0.5 ** (1 / (self.half_life_days * timing.cells_per_day)))


class Negative(msgspec.Struct, frozen=True, array_like=True):
    """A negative article, as far as counting and the digest need it."""

    at_ms: int
    article_id: str
    topics: tuple[str, ...]
    title: str


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


class EntitySeries(msgspec.Struct, frozen=True, kw_only=True, rename={"episode": "story"}):
    """A company with its topics, or a topic: its keys, what is not folded yet, its last surge."""

    name: str
    kind: Kind
    keys: dict[str, SeriesState] = {}
    negatives: tuple[Negative, ...] = ()  # by time
    surged: tuple[int, ...] = ()  # cells not folded yet at whose end it surged
    episode: SurgeEpisode | None = None
    number: int = 0  # of its episodes so far

    @property
    def is_active(self) -> bool:
        """Whether the end of a cell changes anything."""
        surging = self.episode is not None and self.episode.under_way
        return surging or bool(self.negatives) or any(k.at is None for k in self.keys.values())


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
        """Of the window that ends with a cell."""
        return sum(self.season(one) for one in range(cell - self.timing.window + 1, cell + 1))

    def level(self, cell: int) -> float:
        """How improbable a count must be: the budget, shared among all tests of a day."""
        keys = max(FEWEST_KEYS, self._pooled.hour(cell, self.timing).keys)
        return self.rules.false_alarms_per_day / (keys * self.timing.cells_per_day)

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
            counted = min(counted, SURGE_TEACHES * self.rate(key, cell).mean * season)
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
    timing = surge_test.timing
    window_start = cell - timing.window + 1
    window = [n for n in series.negatives if window_start <= timing.cell(n.at_ms) <= cell]
    episode, number = _episode_after(series, cell, window, surge_test)
    surging = episode is not None and episode.under_way
    surged = (*series.surged, cell) if surging else series.surged
    keys, folded = _folded_keys(series, window_start, surge_test, surged=bool(surged))
    return Stepped(
        replace(
            series,
            keys=keys,
            negatives=tuple(n for n in series.negatives if timing.cell(n.at_ms) > window_start),
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
    timing = surge_test.timing
    last = max((timing.cell(n.at_ms) for n in series.negatives), default=closed - 1)
    for cell in range(closed, min(last, closed + timing.window - 1) + 1):
        series = step(series, cell, surge_test).series
    return series


def _folded_keys(
    series: EntitySeries, cell: int, surge_test: SurgeTest, *, surged: bool
) -> tuple[dict[str, SeriesState], dict[str, float]]:
    inside = [n for n in series.negatives if surge_test.timing.cell(n.at_ms) == cell]
    counts = _counts(inside)
    keys: dict[str, SeriesState] = {}
    folded: Counter[str] = Counter()
    for name, key in series.keys.items():
        if not counts[name] and key.at is not None:
            keys[name] = key  # rolled on when it is needed
            continue
        keys[name], counted = surge_test.folded(key, cell, counts[name], surged=surged)
        folded[key.kind] += counted  # type: ignore[assignment]
    return keys, dict(folded)


def _episode_after(
    series: EntitySeries, cell: int, window: list[Negative], surge_test: SurgeTest
) -> tuple[SurgeEpisode | None, int]:
    episode = series.episode
    if episode is not None and episode.under_way:
        return _gone_on(series, episode, cell, window, surge_test), series.number
    tipping = _tipping(series, cell, window, surge_test)
    if not tipping:
        return episode, series.number
    if episode is not None and cell - (episode.ended or 0) <= _reopen_cells(surge_test):
        return _reopened(episode, cell, window, surge_test), series.number
    return _begun(cell, window, tipping, surge_test), series.number + 1


class Tip(NamedTuple):
    """A key whose count is improbable."""

    probability: float
    at_ms: int  # of the article that tipped it
    rate: Rate


def _tipping(
    series: EntitySeries, cell: int, window: list[Negative], surge_test: SurgeTest
) -> dict[str, Tip]:
    least = surge_test.rules.least_articles
    if len(window) < least or cell < surge_test.warm_from:
        return {}
    exposure, level = surge_test.window_exposure(cell), surge_test.level(cell)
    tips: dict[str, Tip] = {}
    for name, count in _counts(window).items():
        if count < least or name not in series.keys:
            continue
        rate = surge_test.rate(series.keys[name], cell - surge_test.timing.window + 1)
        probability = rate.probability(count, exposure)
        if probability < level:
            needed = count
            while needed > least and rate.probability(needed - 1, exposure) < level:
                needed -= 1
            tips[name] = Tip(probability, _of_key(window, name)[needed - 1].at_ms, rate)
    return tips


def _begun(
    cell: int,
    window: list[Negative],
    tipping: Mapping[str, Tip],
    surge_test: SurgeTest,
) -> SurgeEpisode:
    whole = WHOLE in tipping
    key = WHOLE if whole else min(tipping, key=lambda name: (tipping[name].probability, name))
    articles = _of_key(window, key)
    since = cell - surge_test.timing.window + 1
    last = max(surge_test.timing.cell(n.at_ms) for n in articles)
    return SurgeEpisode(
        begun=cell,
        raised_ms=min(tip.at_ms for tip in tipping.values()),
        since=since,
        whole=whole,
        topic=_main_topic(articles) if whole else key,
        base=(tipping[key].rate.shape, tipping[key].rate.exposure),
        observed=len(articles),
        exposure=sum(surge_test.season(one) for one in range(since, last + 1)),
        articles=tuple(articles[:KEPT_ARTICLES]),
        covered=cell,
        last=last,
    )


def _gone_on(
    series: EntitySeries,
    episode: SurgeEpisode,
    cell: int,
    window: list[Negative],
    surge_test: SurgeTest,
) -> SurgeEpisode:
    grown = _grown(episode, cell, window, surge_test)
    if _holds(series, cell, window, surge_test):
        return replace(grown, quiet=0)
    quiet = grown.quiet + 1
    over = quiet * surge_test.timing.step_minutes >= surge_test.rules.quiet_minutes
    return replace(grown, quiet=quiet, ended=cell if over else None)


def _reopened(
    episode: SurgeEpisode, cell: int, window: list[Negative], surge_test: SurgeTest
) -> SurgeEpisode:
    grown = _grown(episode, cell, window, surge_test)
    return replace(grown, quiet=0, ended=None, times=episode.times + 1)


def _grown(
    episode: SurgeEpisode, cell: int, window: list[Negative], surge_test: SurgeTest
) -> SurgeEpisode:
    timing = surge_test.timing
    new = [n for n in _of_key(window, episode.key) if timing.cell(n.at_ms) > episode.covered]
    if not new:
        return replace(episode, covered=cell)
    last = max(timing.cell(n.at_ms) for n in new)
    more = sum(surge_test.season(one) for one in range(episode.last + 1, last + 1))
    return replace(
        episode,
        observed=episode.observed + len(new),
        exposure=episode.exposure + more,
        articles=(*episode.articles, *new)[:KEPT_ARTICLES],
        covered=cell,
        last=last,
    )


def _holds(series: EntitySeries, cell: int, window: list[Negative], surge_test: SurgeTest) -> bool:
    exposure = surge_test.window_exposure(cell)
    first = cell - surge_test.timing.window + 1
    return any(
        count > 1
        and surge_test.rate(series.keys[name], first).probability(count, exposure)
        < surge_test.rules.hold_probability
        for name, count in _counts(window).items()
        if name in series.keys
    )


def _reopen_cells(surge_test: SurgeTest) -> float:
    return surge_test.rules.reopen_hours * surge_test.timing.cells_per_hour


def _counts(negatives: list[Negative]) -> Counter[str]:
    counts = Counter(topic for negative in negatives for topic in negative.topics)
    counts[WHOLE] = len(negatives)
    return counts


def _of_key(negatives: list[Negative], key: str) -> list[Negative]:
    return [n for n in negatives if key == WHOLE or key in n.topics]


def _main_topic(articles: list[Negative]) -> str | None:
    """The topic of half of the articles or more, if one is."""
    counts = Counter(topic for article in articles for topic in article.topics)
    topic, count = min(counts.items(), key=lambda one: (-one[1], one[0]), default=(None, 0))
    return topic if 2 * count >= len(articles) else None
