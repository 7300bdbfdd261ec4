"""Running sentiment alerts over a history."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
import msgspec

from textwire.cli._backtest_companies import CHOICES, Choice, chosen_companies
from textwire.cli._console import print_table
from textwire.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textwire.cli._backtest_companies import Companies
    from textwire.sentiment_alerts.alert_rules import AlertRules
    from textwire.sentiment_alerts.backtest import (
        BacktestReport,
        LabelledSurge,
        Replayed,
        Scorer,
    )
    from textwire.sentiment_alerts.config import SentimentAlertsSettings
    from textwire.sentiment_alerts.messages import Alert, Article
    from textwire.sentiment_alerts.watchlist import WatchedCompany

SCORES = Path("scores") / "sentiment.sqlite"
HEADINGS = (
    "raised",
    "kind",
    "company",
    "topic",
    "severity",
    "state",
    "articles",
    "usual",
    "digest",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--topic", "from_topic", help="Read this topic, such as news.articles, for FILE.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column holds a field of an article, such as published_at=Date.",
)
@click.option(
    "--surges",
    type=click.Path(path_type=Path),
    help="Surges that are known (JSON Lines): says how many were found, and how soon.",
)
@click.option(
    "--first-day",
    type=click.DateTime(["%Y-%m-%d"]),
    help="From where a file's `minute` counts, in UTC.  [default: a Monday]",
)
@click.option("--from", "begins", metavar="TIME", help="Only articles from this time on.")
@click.option("--to", "ends", metavar="TIME", help="Only articles before this time.")
@click.option(
    "--zone",
    metavar="NAME",
    help="Of times without one, and whose clock the news follow, such as America/New_York.  "
    "[default: as set]",
)
@click.option(
    "--watchlist",
    "watched",
    type=click.Path(path_type=Path),
    help="File of the companies to look for.",
)
@click.option(
    "--companies",
    "choice",
    type=click.Choice(CHOICES),
    help="Look for those that are loaded (`textwire watchlist`), those of the file that "
    "sentiment_alerts.watchlist sets, or those of the sample news.  [default: loaded, where Kafka "
    "is set or runs here; else set; else samples]",
)
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="File of what is grave (.toml).  [default: as set]",
)
@click.option("--fresh", is_flag=True, help="Read all articles anew, and keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Pass over rows that cannot be used.")
@click.option("--json", "as_json", is_flag=True, help="Everything as one JSON object.")
def backtest(
    file: Path | None,
    from_topic: str | None,
    mapping: tuple[str, ...],
    surges: Path | None,
    first_day: datetime | None,
    begins: str | None,
    ends: str | None,
    zone: str | None,
    watched: Path | None,
    choice: Choice | None,
    rules: Path | None,
    fresh: bool,
    skip_bad: bool,
    as_json: bool,
) -> None:
    """Show all alerts that the articles of FILE (.jsonl, .csv, .tsv, .parquet) would have raised.

    The same code, model and settings as the service's; nothing is sent. It says which companies it
    looks for: those that are loaded where there is a Kafka to ask, unless others are named. What
    was read in an article is kept by its text, for the model and the watchlist, so that a second
    run takes seconds.
    """
    from textwire.cli._progress import watched as progress
    from textwire.rows.moments import as_moment
    from textwire.sentiment_alerts.backtest import Replay, judge
    from textwire.sentiment_alerts.backtest_data import FIRST_DAY, between, read_surges

    if (file is None) == (from_topic is None):
        raise click.UsageError("Name a FILE, or a topic with --topic.")
    settings = _settings(zone, rules)
    companies = chosen_companies(
        watched, choice, settings.watchlist, reads_kafka=from_topic is not None
    )
    click.echo(f"Looking for {companies}.", err=True)
    clock = ZoneInfo(settings.zone)
    day = FIRST_DAY if first_day is None else first_day.replace(tzinfo=FIRST_DAY.tzinfo)
    labelled = read_surges(surges, day) if surges else None
    since, until = (None if text is None else as_moment(text, clock) for text in (begins, ends))
    articles = between(_articles(file, from_topic, mapping, day, clock, skip_bad), since, until)
    if not articles:
        raise DataError("No article is left between --from and --to.")
    began_s = time.monotonic()
    with (
        scorer_of(companies.companies, fresh) as scorer,
        progress("Reading", len(articles)) as advance,
    ):
        replayed = Replay(scorer, settings, _alert_rules(settings)).run(articles, advance)
    took_s = time.monotonic() - began_s
    slack = timedelta(minutes=settings.window_minutes)
    judged = None if labelled is None else judge(replayed.alerts, labelled, slack)
    if as_json:
        click.echo(msgspec.json.encode(_as_object(replayed, judged, companies)))
        return
    print_table(HEADINGS, [_row(alert) for alert in replayed.alerts])
    click.echo(_summary(replayed, took_s), err=True)
    if judged is not None and labelled is not None:
        _tell(judged, labelled)


def _settings(zone: str | None, rules: Path | None) -> SentimentAlertsSettings:
    """As they are set, but for what was asked for.

    Raises: SettingsError.
    """
    from pydantic import ValidationError

    from textwire.errors import SettingsError
    from textwire.sentiment_alerts.config import SentimentAlertsSettings
    from textwire.settings import load

    asked = {"zone": zone, "alert_rules": rules}
    given = {name: value for name, value in asked.items() if value is not None}
    fields = load(SentimentAlertsSettings).model_dump() | given
    try:
        return SentimentAlertsSettings.model_validate(fields)
    except ValidationError as error:
        raise SettingsError(f"{error.errors()[0]['msg']}.") from error


def _articles(
    file: Path | None,
    topic: str | None,
    mapping: Sequence[str],
    day: datetime,
    zone: ZoneInfo,
    skip_bad: bool,
) -> list[Article]:
    from textwire.sentiment_alerts.backtest_data import articles_of, in_time, read_dated_articles
    from textwire.stream.clients.reading import read_to_end

    if topic is not None:
        return in_time(articles_of(read_to_end(topic)))
    assert file is not None  # noqa: S101 - one of the two was asked for
    articles, bad = read_dated_articles(file, mapping, day, zone, skip_bad=skip_bad)
    if bad.count:
        click.echo(f"Passed over {bad.count:,} bad rows:\n{bad}", err=True)
    return articles


def _alert_rules(settings: SentimentAlertsSettings) -> AlertRules:
    from textwire.sentiment_alerts.alert_rules import default_rules_path, read_alert_rules

    file = settings.alert_rules or default_rules_path()
    return read_alert_rules(file, learned=settings.learned_events)


@contextmanager
def scorer_of(companies: Sequence[WatchedCompany], fresh: bool) -> Iterator[Scorer]:
    """The champion that looks for these, with what it read before unless that is to be fresh."""
    from functools import partial

    from textwire.models.artifacts.registry import open_registry
    from textwire.models.engines.serving import load_classifier
    from textwire.sentiment_alerts.linking.entity_linking import Linker
    from textwire.sentiment_alerts.scoring.article_scorer import ArticleScorer
    from textwire.sentiment_alerts.scoring.score_cache import CachedScorer
    from textwire.settings import ModelSettings, StackSettings, load

    linker = Linker(companies)
    champion = open_registry().champion("sentiment")
    scorer = ArticleScorer.of_artifact(
        champion, linker, partial(load_classifier, settings=load(ModelSettings))
    )
    if fresh:
        yield scorer
        return
    with closing(CachedScorer(scorer, load(StackSettings).data_dir / SCORES)) as cached:
        yield cached


def _row(alert: Alert) -> tuple[str, ...]:
    return (
        f"{alert.raised_at:%Y-%m-%d %H:%M}",
        alert.rule or alert.kind,
        alert.entity or "",
        alert.topic or "",
        alert.severity,
        alert.state,
        str(alert.observed),
        f"{alert.expected:.1f}",
        alert.digest,
    )


def _summary(replayed: Replayed, took_s: float) -> str:
    desk = replayed.desk
    counts = f"{desk.copies:,} copies, {desk.late:,} late, " if desk else ""
    return (
        f"{replayed.articles:,} articles ({counts}{len(replayed.alerts):,} alerts) in {took_s:.1f} "
        f"s, {replayed.articles / took_s:,.0f} articles/s."
    )


def _tell(judged: BacktestReport, labelled: Sequence[LabelledSurge]) -> None:
    for surge, delay in zip(labelled, judged.delays, strict=True):
        about = " · ".join(part for part in (surge.entity, surge.topic) if part)
        found = "missed" if delay is None else f"found after {_minutes(delay):.0f} min"
        click.echo(f"{surge.begins:%Y-%m-%d %H:%M}  {about}: {found}")
    for alert in judged.false:
        click.echo(f"{alert.raised_at:%Y-%m-%d %H:%M}  {alert.entity or alert.topic}: false alarm")
    click.echo(
        f"precision {_percent(judged.precision)}, recall {_percent(judged.recall)}, "
        f"median delay {_delay(judged.median_delay)}"
    )


def _as_object(
    replayed: Replayed, judged: BacktestReport | None, companies: Companies
) -> dict[str, object]:
    told: dict[str, object] = {
        "companies": {"count": len(companies.companies), "source": companies.source},
        "articles": replayed.articles,
        "desk": replayed.desk,
        "alerts": replayed.alerts,
    }
    if judged is not None:
        told |= {
            "precision": judged.precision,
            "recall": judged.recall,
            "delays_minutes": [None if d is None else _minutes(d) for d in judged.delays],
            "false_alarms": [alert.id for alert in judged.false],
        }
    return told


def _minutes(delay: timedelta) -> float:
    return delay.total_seconds() / 60


def _delay(delay: timedelta | None) -> str:
    return "none" if delay is None else f"{_minutes(delay):.0f} min"


def _percent(share: float | None) -> str:
    return "none" if share is None else f"{share:.0%}"
