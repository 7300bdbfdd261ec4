"""Wiring: which topics, which model, which results."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from services.recommendations.catalogue import Catalogue
from services.recommendations.debounced_push import LOOK_EVERY_S, Pusher
from services.recommendations.experimenting import ExperimentModels
from services.recommendations.loading import load_model
from services.recommendations.popularity_snapshot import PopularityReader
from services.recommendations.prequential_metrics import PrequentialMetrics
from services.recommendations.processor import Recommendations
from textwire.addresses import redis_url
from textwire.language import load_language_model
from textwire.models.artifacts.registry import open_registry
from textwire.models.champions.champions import Champions
from textwire.models.champions.trial import Trial
from textwire.models.champions.watching import ChampionWatcher
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.recommendations.config import RecommendationsSettings
from textwire.recommendations.counts.bought_together import CountedTogether
from textwire.recommendations.lists.rules import RulesFile
from textwire.recommendations.topics import RECS_ITEMS, reply_topic
from textwire.results.redis import RedisResults
from textwire.settings import ModelSettings, ServiceSettings, load
from textwire.stream.clients.sender import Sender
from textwire.stream.kafka.connecting import create_topics
from textwire.stream.running import Background, run_service
from textwire.stream.tables.topic_table import TopicTable

TASK = "recommendations"
RULES_EVERY_S = 2.0


def main() -> None:
    """Serve until told to stop.

    Raises: ArtifactError: there is no model that can be used. Unavailable: the registry is away.
            SettingsError.
    """
    settings, models = load(RecommendationsSettings), load(ModelSettings)
    load_language_model()
    metrics = ServiceMetrics(Recommendations.name, load(ServiceSettings).replica, Health())
    results = RedisResults.from_url(redis_url())
    champions = Champions.of_settings(TASK, load_model, results, metrics, models)
    load_served = partial(load_model, settings=models)
    hold = partial(Catalogue, load_model=load_served, store=results, languages=settings.languages)
    catalogue = champions.begin(hold)
    experiments = ExperimentModels(
        catalogue, hold, open_registry(), Trial(load_model, models), results, metrics.health
    )
    table = TopicTable(RECS_ITEMS, experiments.apply, Recommendations.name, metrics)
    watcher = ChampionWatcher(champions, catalogue.use, models.watch_every_s)
    popularity = PopularityReader(
        results, _now, lambda: catalogue.snapshot.model.half_lives.popularity_days
    )
    together = CountedTogether(results)
    rules = RulesFile(settings.rules_file)
    if settings.reply_topics:
        create_topics([reply_topic(name) for name in settings.reply_topics])
    pusher = Pusher(results, partial(Sender, Recommendations.name), _now)
    processor = Recommendations(
        catalogue,
        results,
        lambda: popularity.now,
        _now,
        settings,
        table.caught_up,
        metrics.stages.timed,
        lambda: rules.now,
        lambda: together,
        lambda: experiments.serving,
    )
    beside: list[Background] = [catalogue, table, watcher]
    beside.append(experiments.task(metrics, models.trial_timeout_s))
    beside.append(PrequentialMetrics(results, metrics, _now).task())
    beside.append(popularity.every(settings.popularity_every_s, metrics))
    if settings.rules_file is not None:
        beside.append(
            PeriodicTask("rules", rules.look, RULES_EVERY_S, metrics.health, metrics.liveness)
        )
    if settings.push:
        beside.append(pusher.every(LOOK_EVERY_S, metrics))
    run_service([processor], results, metrics, beside)


def _now() -> datetime:
    return datetime.now(UTC)
