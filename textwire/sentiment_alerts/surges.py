"""CandidateAlert a surge from the usual: one company or one topic, cell after cell.

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

# The budget is not shared among fewer keys than this: a desk that has just begun knows few.
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
    warm_up_hours         a desk that has just begun raises nothing.
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
    """Discounted articles and exposure of the cells before `at`; None until `born` is folded."""

    kind: Kind
    born: int
    at: int | None = None
    articles: float = 0.0
    exposure: float = 0.0
    all_exposure: float = 0.0  # the climate's before `at`, from which later ones follow


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
    negatives: tuple[Negative, ...] = ()  # by time
    surged: tuple[int, ...] = ()  # cells not folded yet at whose end it surged
    story: SurgeEpisode | None = None
    number: int = 0  # of its stories so far

    @property
    def is_active(self) -> bool:
        """Whether the end of a cell changes anything."""
        surging = self.story is not None and self.story.under_way
        return surging or bool(self.negatives) or any(k.at is None for k in self.keys.values())


class Stepped(NamedTuple):
    """A group after a cell, and what its folded cell counted, by kind of key."""

    group: EntitySeries
    folded: dict[str, float]


class SurgeTest:
    """What counts are measured with, from the climate's folded cell on."""

    def __init__(self, climate: PooledBaseline, timing: Timing, rules: Rules, upto: int) -> None:
        """For cells before `upto`."""
        self.timing, self.rules = timing, rules
        self.discount = rules.discount(timing)
        self._climate = climate
        self._exposures = climate.exposures(upto, timing, self.discount)

    @property
    def warm_from(self) -> int:
        """The first cell in which a surge can begin."""
        cells = self.rules.warm_up_hours * self.timing.cells_per_hour
        return self._climate.first + int(cells)

    def season(self, cell: int) -> float:
        """How busy a cell is, beside an average one."""
        return self._climate.season(cell, self.timing)

    def window_exposure(self, cell: int) -> float:
        """Of the window that ends with a cell."""
        return sum(self.season(one) for one in range(cell - self.timing.window + 1, cell + 1))

    def level(self, cell: int) -> float:
        """How improbable a count must be: the budget, shared among all tests of a day."""
        keys = max(FEWEST_KEYS, self._climate.hour(cell, self.timing).keys)
        return self.rules.false_alarms_per_day / (keys * self.timing.cells_per_day)

    def rate(self, key: SeriesState, cell: int) -> Rate:
        """A key's rate from its cells before this one, which are all folded."""
        rolled = self.rolled(key, cell)
        hour = self._climate.hour(cell, self.timing)
        return prior_rate(key.kind, hour, rolled.articles, rolled.exposure)

    def rolled(self, key: SeriesState, cell: int) -> SeriesState:
        """The key after cells without articles."""
        if key.at is None or key.at == cell:
            return key
        faded = self.discount ** (cell - key.at)
        now = self._exposures[cell]
        exposure = faded * key.exposure + now - faded * key.all_exposure
        return SeriesState(key.kind, key.born, cell, faded * key.articles, max(0.0, exposure), now)

    def folded(
        self, key: SeriesState, cell: int, articles: int, *, surged: bool
    ) -> tuple[SeriesState, float]:
        """The key with one more cell, and what was counted of it.

        A surge teaches little: what is far beyond the expected is left out.
        """
        if key.born > cell:
            return key, 0.0
        if key.at is None:
            key = SeriesState(key.kind, key.born, cell, all_exposure=self._exposures[cell])
        key = self.rolled(key, cell)
        season = self.season(cell)
        counted = float(articles)
        if surged:
            counted = min(counted, SURGE_TEACHES * self.rate(key, cell).mean * season)
        return (
            SeriesState(
                key.kind,
                key.born,
                cell + 1,
                self.discount * key.articles + counted,
                self.discount * key.exposure + season,
                self._exposures[cell + 1],
            ),
            counted,
        )


def step(group: EntitySeries, cell: int, yardstick: SurgeTest) -> Stepped:
    """The group after the end of a cell: tested, and its oldest cell folded into the baseline.

    Args: yardstick: its climate is folded up to the beginning of the cell's window at most.
    """
    timing = yardstick.timing
    window_start = cell - timing.window + 1
    window = [n for n in group.negatives if window_start <= timing.cell(n.at_ms) <= cell]
    story, number = _story_after(group, cell, window, yardstick)
    surging = story is not None and story.under_way
    surged = (*group.surged, cell) if surging else group.surged
    keys, folded = _folded_keys(group, window_start, yardstick, surged=bool(surged))
    return Stepped(
        replace(
            group,
            keys=keys,
            negatives=tuple(n for n in group.negatives if timing.cell(n.at_ms) > window_start),
            surged=tuple(one for one in surged if one > window_start),
            story=story,
            number=number,
        ),
        folded,
    )


def foreseen(group: EntitySeries, closed: int, yardstick: SurgeTest) -> EntitySeries:
    """The group as the cells that are still open will leave it, by the articles there are.

    Args: closed: the first open cell. No further than a window from it: there the baseline ends.
    """
    timing = yardstick.timing
    last = max((timing.cell(n.at_ms) for n in group.negatives), default=closed - 1)
    for cell in range(closed, min(last, closed + timing.window - 1) + 1):
        group = step(group, cell, yardstick).group
    return group


def _folded_keys(
    group: EntitySeries, cell: int, yardstick: SurgeTest, *, surged: bool
) -> tuple[dict[str, SeriesState], dict[str, float]]:
    inside = [n for n in group.negatives if yardstick.timing.cell(n.at_ms) == cell]
    counts = _counts(inside)
    keys: dict[str, SeriesState] = {}
    folded: Counter[str] = Counter()
    for name, key in group.keys.items():
        if not counts[name] and key.at is not None:
            keys[name] = key  # rolled on when it is needed
            continue
        keys[name], counted = yardstick.folded(key, cell, counts[name], surged=surged)
        folded[key.kind] += counted  # type: ignore[assignment]
    return keys, dict(folded)


def _story_after(
    group: EntitySeries, cell: int, window: list[Negative], yardstick: SurgeTest
) -> tuple[SurgeEpisode | None, int]:
    story = group.story
    if story is not None and story.under_way:
        return _gone_on(group, story, cell, window, yardstick), group.number
    tipping = _tipping(group, cell, window, yardstick)
    if not tipping:
        return story, group.number
    if story is not None and cell - (story.ended or 0) <= _reopen_cells(yardstick):
        return _reopened(story, cell, window, yardstick), group.number
    return _begun(cell, window, tipping, yardstick), group.number + 1


class Tip(NamedTuple):
    """A key whose count is improbable."""

    probability: float
    at_ms: int  # of the article that tipped it
    rate: Rate


def _tipping(
    group: EntitySeries, cell: int, window: list[Negative], yardstick: SurgeTest
) -> dict[str, Tip]:
    least = yardstick.rules.least_articles
    if len(window) < least or cell < yardstick.warm_from:
        return {}
    exposure, level = yardstick.window_exposure(cell), yardstick.level(cell)
    tips: dict[str, Tip] = {}
    for name, count in _counts(window).items():
        if count < least or name not in group.keys:
            continue
        rate = yardstick.rate(group.keys[name], cell - yardstick.timing.window + 1)
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
    yardstick: SurgeTest,
) -> SurgeEpisode:
    whole = WHOLE in tipping
    key = WHOLE if whole else min(tipping, key=lambda name: (tipping[name].probability, name))
    articles = _of_key(window, key)
    since = cell - yardstick.timing.window + 1
    last = max(yardstick.timing.cell(n.at_ms) for n in articles)
    return SurgeEpisode(
        begun=cell,
        raised_ms=min(tip.at_ms for tip in tipping.values()),
        since=since,
        whole=whole,
        topic=_main_topic(articles) if whole else key,
        base=(tipping[key].rate.shape, tipping[key].rate.exposure),
        observed=len(articles),
        exposure=sum(yardstick.season(one) for one in range(since, last + 1)),
        articles=tuple(articles[:KEPT_ARTICLES]),
        covered=cell,
        last=last,
    )


def _gone_on(
    group: EntitySeries,
    story: SurgeEpisode,
    cell: int,
    window: list[Negative],
    yardstick: SurgeTest,
) -> SurgeEpisode:
    grown = _grown(story, cell, window, yardstick)
    if _holds(group, cell, window, yardstick):
        return replace(grown, quiet=0)
    quiet = grown.quiet + 1
    over = quiet * yardstick.timing.step_minutes >= yardstick.rules.quiet_minutes
    return replace(grown, quiet=quiet, ended=cell if over else None)


def _reopened(
    story: SurgeEpisode, cell: int, window: list[Negative], yardstick: SurgeTest
) -> SurgeEpisode:
    grown = _grown(story, cell, window, yardstick)
    return replace(grown, quiet=0, ended=None, times=story.times + 1)


def _grown(
    story: SurgeEpisode, cell: int, window: list[Negative], yardstick: SurgeTest
) -> SurgeEpisode:
    timing = yardstick.timing
    new = [n for n in _of_key(window, story.key) if timing.cell(n.at_ms) > story.covered]
    if not new:
        return replace(story, covered=cell)
    last = max(timing.cell(n.at_ms) for n in new)
    more = sum(yardstick.season(one) for one in range(story.last + 1, last + 1))
    return replace(
        story,
        observed=story.observed + len(new),
        exposure=story.exposure + more,
        articles=(*story.articles, *new)[:KEPT_ARTICLES],
        covered=cell,
        last=last,
    )


def _holds(group: EntitySeries, cell: int, window: list[Negative], yardstick: SurgeTest) -> bool:
    exposure = yardstick.window_exposure(cell)
    first = cell - yardstick.timing.window + 1
    return any(
        count > 1
        and yardstick.rate(group.keys[name], first).probability(count, exposure)
        < yardstick.rules.hold_probability
        for name, count in _counts(window).items()
        if name in group.keys
    )


def _reopen_cells(yardstick: SurgeTest) -> float:
    return yardstick.rules.reopen_hours * yardstick.timing.cells_per_hour


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
