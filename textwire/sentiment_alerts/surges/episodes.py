"""What becomes of a surge: it begins, grows, ends, and begins again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec.structs import replace

from textwire.sentiment_alerts.surges.cell_tally import WHOLE, Negative, articles_of
from textwire.sentiment_alerts.surges.series import EntitySeries, SurgeEpisode
from textwire.sentiment_alerts.surges.surge_test import SurgeTest
from textwire.sentiment_alerts.surges.window import Tip, Window

NAMED_ARTICLES = 50


def episode_after(
    series: EntitySeries, cell: int, window: Window
) -> tuple[SurgeEpisode | None, int]:
    """The last surge after the end of a cell, and how many there were: begun, grown or over."""
    episode = series.episode
    if episode is not None and episode.under_way:
        return _gone_on(episode, cell, window), series.number
    tips = window.tips()
    if not tips:
        return episode, series.number
    if episode is not None and cell - (episode.ended or 0) <= _reopen_cells(window.test):
        return _reopened(episode, cell, window), series.number
    return _begun(cell, window, tips), series.number + 1


def without(episode: SurgeEpisode, article_id: str, instead: Negative | None) -> SurgeEpisode:
    """The episode once one of its articles was corrected: `instead` if it is negative still."""
    if all(one.article_id != article_id for one in episode.articles):
        return episode
    kept = [one for one in episode.articles if one.article_id != article_id]
    if instead is not None:
        by_time = sorted([*kept, instead], key=lambda one: (one.at_ms, one.article_id))
        return replace(episode, articles=tuple(by_time))
    return replace(episode, articles=tuple(kept), observed=episode.observed - 1)


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
