"""Wiring: which topics, which model, which results."""

from __future__ import annotations

from functools import partial

from prometheus_client import Counter

from services.sentiment_alerts.alerting import Alerting
from services.sentiment_alerts.article_scoring import ArticleScoring
from services.sentiment_alerts.config import SentimentAlertsSettings
from services.sentiment_alerts.model_holder import ModelHolder
from services.sentiment_alerts.webhook.webhook import Webhook
from textwire.addresses import redis_url
from textwire.models.champions import Champions
from textwire.models.serving import load_classifier
from textwire.models.watching import ChampionWatcher
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.results.writes import SetField, Write
from textwire.sentiment_alerts.alert_rules import default_rules_path, read_alert_rules
from textwire.sentiment_alerts.entity_linking import Linker
from textwire.sentiment_alerts.results import COMPANIES_KEY, Company, company_writes, read_companies
from textwire.sentiment_alerts.watchlist import WatchedCompany, read_watchlist, watchlist_path
from textwire.settings import ModelSettings, ServiceSettings, load
from textwire.stream.loop.stream_loop import now
from textwire.stream.running import Background, run_service

TASK = "sentiment"


def main() -> None:
    """Serve until told to stop.

    Raises: ArtifactError: there is no model that can be used. Unavailable: the registry is away, or
            Redis. SettingsError.
    """
    settings, models = load(SentimentAlertsSettings), load(ModelSettings)
    companies = read_watchlist(watchlist_path(settings.watchlist))
    metrics = ServiceMetrics(ArticleScoring.name, load(ServiceSettings).replica, Health())
    results = RedisResults.from_url(redis_url())
    champions = Champions.of_settings(TASK, load_classifier, results, metrics, models)
    linker = Linker(companies)
    load_served = partial(load_classifier, settings=models)
    scorer = champions.begin(
        partial(ModelHolder.of_artifact, linker=linker, load_classifier=load_served)
    )
    show_watchlist(results, companies)
    watcher = ChampionWatcher(champions, scorer.use, models.watch_every_s)
    timed = metrics.stages.timed
    dated_ahead = Counter(
        "textwire_articles_dated_ahead",
        "Articles dated later than they were sent, taken to be of then",
        ["service"],
        registry=metrics.registry,
    ).labels(ArticleScoring.name)
    reading = ArticleScoring(scorer, settings.ahead_minutes, now, timed, dated_ahead.inc)
    alert_rules = read_alert_rules(settings.alert_rules or default_rules_path())
    keeping = Alerting(results, settings, linker.sectors, timed, alert_rules)
    background = (watcher, *_webhook(settings, results, metrics))
    run_service([reading, keeping], results, metrics, background)


def show_watchlist(results: ResultStore, companies: list[WatchedCompany]) -> None:
    """Let pages know all companies that are watched, and forget those that are no more.

    Raises: RedisUnavailable.
    """
    shown = {company.entity: company for company in read_companies(results)}
    writes: list[Write] = [
        write
        for one in companies
        if one.name not in shown
        for write in company_writes(Company(entity=one.name, ticker=one.ticker, sector=one.sector))
    ]
    gone = shown.keys() - {one.name for one in companies}
    results.write([*writes, *(SetField(COMPANIES_KEY, name, None) for name in sorted(gone))])


def _webhook(
    settings: SentimentAlertsSettings, results: ResultStore, metrics: ServiceMetrics
) -> tuple[Background, ...]:
    return (Webhook(settings, results, metrics),) if settings.webhook_url else ()
