"""Wiring: which topics, which model, which results."""

from __future__ import annotations

from functools import partial
from threading import Event

from prometheus_client import Counter

from services.sentiment_alerts.alerting import Alerting
from services.sentiment_alerts.article_scoring import ArticleScoring
from services.sentiment_alerts.config import SentimentAlertsSettings
from services.sentiment_alerts.explaining import Explaining
from services.sentiment_alerts.model_holder import ModelHolder
from services.sentiment_alerts.notifications.notifying import notifiers
from services.sentiment_alerts.watching import FirstList, Watchlist
from services.sentiment_alerts.watchlist_file import WatchlistFile
from services.sentiment_alerts.webhook.webhook import Webhook
from textwire.addresses import redis_url
from textwire.models.champions.champions import Champions
from textwire.models.champions.watching import ChampionWatcher
from textwire.models.engines.serving import load_classifier
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.results.redis import RedisResults
from textwire.results.store import ResultStore
from textwire.sentiment_alerts.alert_rules import default_rules_path, read_alert_rules
from textwire.sentiment_alerts.linking.entity_linking import Linker
from textwire.sentiment_alerts.topics import NEWS_WATCHLIST
from textwire.sentiment_alerts.watchlist import read_watchlist, watchlist_path
from textwire.settings import ModelSettings, ServiceSettings, load
from textwire.shadow.shadow import Shadow
from textwire.stream.loop.stream_loop import now
from textwire.stream.running import Background, run_service
from textwire.stream.tables.topic_table import TopicTable

TASK = "sentiment"
LOOK_EVERY_S = 1.0
# A person edits it, and looks whether it was noticed.
FILE_EVERY_S = 5.0


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
    shadow = Shadow.of_settings(TASK, results, metrics, models)
    load_served = shadow.beside(partial(load_classifier, settings=models))
    scorer = champions.begin(
        partial(ModelHolder.of_artifact, linker=linker, load_classifier=load_served)
    )
    watchlist = Watchlist(companies, results, scorer.watch)
    watchlist.show()
    table = TopicTable(NEWS_WATCHLIST, watchlist.apply, ArticleScoring.name, metrics)
    first_list = FirstList(watchlist, table.caught_up, ArticleScoring.name, metrics.health)
    watcher = ChampionWatcher(champions, scorer.use, models.watch_every_s)
    timed = metrics.stages.timed
    dated_ahead = Counter(
        "textwire_articles_dated_ahead",
        "Articles dated later than they were sent, taken to be of then",
        ["service"],
        registry=metrics.registry,
    ).labels(ArticleScoring.name)
    reading = ArticleScoring(
        scorer, settings.ahead_minutes, now, timed, dated_ahead.inc, table.caught_up
    )
    rules_file = settings.alert_rules or default_rules_path()
    alert_rules = read_alert_rules(rules_file, learned=settings.learned_events)
    keeping = Alerting(results, settings, scorer.sectors, timed, alert_rules)
    begin = PeriodicTask(
        "watchlist", first_list.look, LOOK_EVERY_S, metrics.health, metrics.liveness
    )
    background: tuple[Background, ...] = (
        *(watcher, table, begin, shadow.task(metrics, models)),
        *_watchlist_file(settings, watchlist, table.caught_up, results, metrics),
        *_webhook(settings, results, metrics),
        *notifiers(settings, results, metrics),
    )
    run_service([reading, keeping, Explaining(results, scorer)], results, metrics, background)


def _watchlist_file(
    settings: SentimentAlertsSettings,
    watchlist: Watchlist,
    caught_up: Event,
    results: ResultStore,
    metrics: ServiceMetrics,
) -> tuple[Background, ...]:
    if settings.watchlist is None:
        return ()
    file = WatchlistFile(settings.watchlist, watchlist, caught_up, results, metrics.health)
    health, liveness = metrics.health, metrics.liveness
    return (
        PeriodicTask("looking at the watchlist file", file.look, FILE_EVERY_S, health, liveness),
    )


def _webhook(
    settings: SentimentAlertsSettings, results: ResultStore, metrics: ServiceMetrics
) -> tuple[Background, ...]:
    return (Webhook(settings, results, metrics),) if settings.webhook_url else ()
