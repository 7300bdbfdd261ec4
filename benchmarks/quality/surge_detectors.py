"""Injected surges found by the alert engine, a z-score and an EWMA, at equal false alarms.

`python -m benchmarks.quality.surge_detectors [FILE --watchlist COMPANIES]`: FILE holds dated
articles, as `textwire backtest` reads them; without one a market's eight weeks are simulated.
Surges of negative articles are put into the history of companies that it names. What a detector
raises elsewhere counts as false, whatever it is; the thresholds of the simple ones are set so that
they raise as many of these as the engine does, or one.

Sources: Roberts 1959, doi:10.1080/00401706.1959.10489860 (EWMA charts).
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from textwire.results.memory import MemoryResults
from textwire.results.writes import Fence
from textwire.sentiment_alerts.alert_engine.engine import AlertEngine
from textwire.sentiment_alerts.config import SentimentAlertsSettings
from textwire.sentiment_alerts.messages import (
    Alert,
    ArticleSentiment,
    DeskEntry,
    EntitySentiment,
)
from textwire.settings import load
from textwire.wire.record import LogPlace

CELL = timedelta(minutes=10)
WINDOW, A_DAY = 6, 144
NEW_YORK = ZoneInfo("America/New_York")
REFRACTORY = 36  # an alarm so soon after the last of its company is the same
LEAST = 4
HALF_LIFE_CELLS = 7 * A_DAY
SIZES = (5, 7, 10)
SURE = {"negative": 0.97, "neutral": 0.02, "positive": 0.01}
BATCH = 64

Counts = NDArray[np.float64]


@dataclass(frozen=True)
class Injected:
    """A surge that was put in."""

    company: str
    begins: datetime
    size: int

    def has(self, company: str, at: datetime) -> bool:
        """Whether an alarm belongs to it."""
        return company == self.company and self.begins <= at <= self.begins + timedelta(hours=2)


@dataclass(frozen=True)
class Alarm:
    """What a detector raised."""

    company: str
    at: datetime


def inject(
    entries: Sequence[DeskEntry], count: int, seed: int
) -> tuple[list[DeskEntry], list[Injected]]:
    """A history with surges within three quarters of an hour each, from its third week on."""
    random = np.random.default_rng(seed)
    told = [entry.sentiment for entry in entries if entry.sentiment is not None]
    named = Counter(one.entity for sentiment in told for one in sentiment.entities)
    companies = sorted(name for name, times in named.items() if times >= 3)
    begins, ends = told[0].published_at + timedelta(days=14), told[-1].published_at
    surges, added = [], []
    for number in range(count):
        company = companies[number % len(companies)]
        at = begins + (ends - timedelta(hours=3) - begins) * float(random.random())
        surge = Injected(company, at, SIZES[number % len(SIZES)])
        surges.append(surge)
        for place, minutes in enumerate(sorted(random.uniform(0, 45, surge.size))):
            added.append(_article(company, at + timedelta(minutes=float(minutes)), number, place))
    return sorted([*entries, *added], key=_time), surges


def market_weeks(weeks: int, companies: int, a_day: float, seed: int) -> list[DeskEntry]:
    """Negative articles, two in five of a weekday's at New York's opening, a tenth at weekends."""
    random = np.random.default_rng(seed)
    shares = random.gamma(0.7, 1.0, companies)
    shares /= shares.sum()
    begins, entries = datetime(2026, 2, 2, tzinfo=UTC), []
    for cell in range(weeks * 7 * A_DAY):
        at = begins + cell * CELL
        local = at.astimezone(NEW_YORK)
        volume = 0.6 * a_day / A_DAY * (1.6 if 7 <= local.hour < 19 else 0.4)
        if local.weekday() >= 5:
            volume *= 0.1
        elif 570 <= 60 * local.hour + local.minute < 600:
            volume += 0.4 * a_day / 3
        counts = random.poisson(shares * volume)
        for company in np.flatnonzero(counts):
            for place, minutes in enumerate(random.uniform(0, 10, counts[company])):
                moment = at + timedelta(minutes=float(minutes))
                entries.append(_article(f"Company {company}", moment, -1 - cell, place))
    return sorted(entries, key=_time)


def engine_alarms(entries: Sequence[DeskEntry], settings: SentimentAlertsSettings) -> list[Alarm]:
    """What the alert engine raises of companies."""
    now_s = 0.0
    store = MemoryResults(clock=lambda: now_s)
    alerts: dict[str, Alert] = {}
    for start in range(0, len(entries), BATCH):
        part = entries[start : start + BATCH]
        now_s = _time(part[-1]).timestamp()
        results = AlertEngine(store, settings.timing(1), settings.rules).fold(part)
        numbered = [(LogPlace(-1, start + n), result.writes) for n, result in enumerate(results)]
        store.apply(Fence("surge-detectors", "news.desk", 0), numbered)
        for message in (out.message for result in results for out in result.messages):
            if isinstance(message, Alert) and message.transition == "withdrawn":
                alerts.pop(message.id, None)
            elif isinstance(message, Alert):
                alerts[message.id] = message
    return [Alarm(one.entity, one.raised_at) for one in alerts.values() if one.entity]


def z_scores(counts: Counts) -> Counts:
    """(n,): the last hour's count beside mean and deviation of the hours of the week before."""
    hour = _last_hour(counts)
    before = np.concatenate([np.zeros(WINDOW), hour[:-WINDOW]])
    sums, squares = np.cumsum(before), np.cumsum(before**2)
    width = HALF_LIFE_CELLS
    past = np.concatenate([np.zeros(width), sums[:-width]])
    past_squares = np.concatenate([np.zeros(width), squares[:-width]])
    mean = (sums - past) / width
    variance = np.maximum((squares - past_squares) / width - mean**2, 1 / width)
    return np.asarray((hour - mean) / np.sqrt(variance))


def ewma_scores(counts: Counts) -> Counts:
    """(n,): the same, older hours weighing less, by a half-life of a week."""
    hour, keep = _last_hour(counts), 0.5 ** (1 / HALF_LIFE_CELLS)
    scores = np.zeros(len(hour))
    mean, variance = 0.0, 1 / HALF_LIFE_CELLS
    for place in range(WINDOW, len(hour)):
        old = hour[place - WINDOW]
        variance = keep * (variance + (1 - keep) * (old - mean) ** 2)
        mean = keep * mean + (1 - keep) * old
        scores[place] = (hour[place] - mean) / np.sqrt(max(variance, 1 / HALF_LIFE_CELLS))
    return scores


def alarms_of(
    series: dict[str, Counts],
    scores: dict[str, Counts],
    threshold: float,
    begins: datetime,
) -> list[Alarm]:
    """What a score raises above a threshold, of no fewer articles than the engine asks for."""
    alarms = []
    for company, counts in series.items():
        last = -REFRACTORY - 1
        enough = _last_hour(counts) >= LEAST
        for place in np.flatnonzero(enough & (scores[company] > threshold)):
            if place - last > REFRACTORY:
                alarms.append(Alarm(company, begins + (int(place) + 1) * CELL))
            last = int(place)
    return alarms


def false_alarms(alarms: Sequence[Alarm], surges: Sequence[Injected]) -> int:
    """Those that belong to no surge."""
    return sum(not any(surge.has(one.company, one.at) for surge in surges) for one in alarms)


def told(name: str, alarms: Sequence[Alarm], surges: Sequence[Injected]) -> str:
    """A detector's row: found by size, false ones, delay."""
    delays: dict[int, list[float]] = {size: [] for size in SIZES}
    for surge in surges:
        own = [one.at - surge.begins for one in alarms if surge.has(one.company, one.at)]
        if own:
            delays[surge.size].append(min(own).total_seconds() / 60)
    of = Counter(surge.size for surge in surges)
    found = " | ".join(f"{len(delays[size])} of {of[size]}" for size in SIZES)
    every = [delay for one in delays.values() for delay in one]
    delay = f"{median(every):.0f} min" if every else "-"
    return f"| {name} | {found} | {false_alarms(alarms, surges)} | {delay} |"


def compare(
    entries: Sequence[DeskEntry], settings: SentimentAlertsSettings, count: int = 60, seed: int = 0
) -> Iterator[str]:
    """Rows of a table, the engine's first."""
    with_surges, surges = inject(entries, count, seed)
    ours = engine_alarms(with_surges, settings)
    allowed = max(1, false_alarms(ours, surges))
    yield told("alert engine", ours, surges)
    begins, series = _series(with_surges)
    detectors: dict[str, Callable[[Counts], Counts]] = {"z-score": z_scores, "EWMA": ewma_scores}
    for name, score in detectors.items():
        scores = {company: score(counts) for company, counts in series.items()}
        alarms = _at_equal_cost(series, scores, begins, surges, allowed)
        yield told(name, alarms, surges)


def _at_equal_cost(
    series: dict[str, Counts],
    scores: dict[str, Counts],
    begins: datetime,
    surges: Sequence[Injected],
    allowed: int,
) -> list[Alarm]:
    """With the lowest threshold that raises no more false alarms than are allowed."""
    for threshold in np.geomspace(0.5, 1000, 120):
        alarms = alarms_of(series, scores, float(threshold), begins)
        if false_alarms(alarms, surges) <= allowed:
            return alarms
    return []


def _series(entries: Sequence[DeskEntry]) -> tuple[datetime, dict[str, Counts]]:
    """Negative articles of each company by cell."""
    begins = _time(entries[0]).replace(minute=0, second=0, microsecond=0)
    cells = int((_time(entries[-1]) - begins) / CELL) + 1
    series: dict[str, Counts] = {}
    for entry in entries:
        if entry.sentiment is not None:
            place = int((entry.sentiment.published_at - begins) / CELL)
            for one in entry.sentiment.entities:
                if one.label == "negative":
                    series.setdefault(one.entity, np.zeros(cells))[place] += 1
    return begins, series


def _last_hour(counts: Counts) -> Counts:
    sums = np.cumsum(counts)
    return np.asarray(sums - np.concatenate([np.zeros(WINDOW), sums[:-WINDOW]]))


def _time(entry: DeskEntry) -> datetime:
    assert entry.sentiment is not None
    return entry.sentiment.published_at


def _article(company: str, at: datetime, number: int, place: int) -> DeskEntry:
    said = EntitySentiment(entity=company, label="negative", score=-0.96, probabilities=SURE)
    return DeskEntry(
        sentiment=ArticleSentiment(
            article_id=f"injected-{number}-{place}",
            published_at=at.astimezone(UTC),
            title=f"{company} {number} {place}",
            label="negative",
            score=-0.96,
            probabilities=SURE,
            entities=(said,),
            topics=(),
            model="injected",
        )
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--watchlist", type=Path)
    parser.add_argument("--surges", type=int, default=60)
    asked = parser.parse_args(arguments)
    settings = load(SentimentAlertsSettings)
    if asked.watchlist:
        settings = settings.model_copy(update={"watchlist": asked.watchlist})
    entries = _read(asked.file, settings) if asked.file else market_weeks(8, 40, 300, seed=1)
    print("| detector | " + " | ".join(f"of {n} articles" for n in SIZES) + " | false | delay |")
    print("|" + "---|" * (len(SIZES) + 3))
    for row in compare(entries, settings, asked.surges):
        print(row, flush=True)


def _read(file: Path, settings: SentimentAlertsSettings) -> list[DeskEntry]:
    from textwire.cli.backtest import scorer_of
    from textwire.sentiment_alerts.backtest_data import read_dated_articles
    from textwire.sentiment_alerts.watchlist import read_watchlist, watchlist_path

    articles, _ = read_dated_articles(file, skip_bad=True)
    companies = read_watchlist(watchlist_path(settings.watchlist))
    with scorer_of(companies, fresh=False) as scorer:
        return [
            DeskEntry(sentiment=one.sentiment, sketch=one.sketch)
            for start in range(0, len(articles), BATCH)
            for one in scorer.read(articles[start : start + BATCH])
        ]


if __name__ == "__main__":
    main()
