"""Wiring: which topics, which model, which results."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from math import ceil

from services.support_qa.answer_metrics import AnswerMetrics
from services.support_qa.bot_words import PACKAGED, read_words
from services.support_qa.config import SupportQaSettings
from services.support_qa.handovers.desk import SupportDesk
from services.support_qa.knowledge.contradiction_reports import ContradictionReports
from services.support_qa.knowledge.knowledge_review import LOOK_EVERY_S, KnowledgeReviewer
from services.support_qa.knowledge.snapshot import Knowledge
from services.support_qa.language_model.answering import AnswerWording
from services.support_qa.language_model.metrics import WordingMetrics
from services.support_qa.language_model.showing import ShownParts
from services.support_qa.processor import SupportQa
from services.support_qa.understanding.act_reading import ActModel
from services.support_qa.understanding.reranking import RerankModel
from textwire.addresses import redis_url
from textwire.language import load_language_model
from textwire.language_model.asking import LanguageModel
from textwire.language_model.endpoint import Endpoint
from textwire.language_model.settings import LanguageModelSettings
from textwire.models.champions.champions import Champions
from textwire.models.champions.watching import ChampionWatcher
from textwire.models.engines.serving import load_classifier, load_encoder
from textwire.models.engines.tokenizing import whole_words
from textwire.observing.health import Health
from textwire.observing.metrics import ServiceMetrics
from textwire.observing.periodic_task import PeriodicTask
from textwire.results.redis import RedisResults
from textwire.settings import ModelSettings, ServiceSettings, load
from textwire.shadow.shadow import Shadow
from textwire.stream.running import Background, run_service
from textwire.stream.tables.topic_table import TopicTable
from textwire.support_qa.dialogue_acts import TASK as ACTS_TASK
from textwire.support_qa.reranking import TASK as RERANKER_TASK
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE

TASK = "support-qa"
# The first of 2,000 passages and as many questions, beside a backlog of questions.
REVIEWED_WITHIN_S = 600.0
# A part stands for the time that a batch may take, and until its answer is stored.
PART_OUTLIVES_S = 10


def main() -> None:
    """Serve until told to stop.

    Raises: ArtifactError: there is no model that can be used. Unavailable: the registry is away.
            SettingsError.
    """
    settings, models = load(SupportQaSettings), load(ModelSettings)
    load_language_model()
    metrics = ServiceMetrics(SupportQa.name, load(ServiceSettings).replica, Health())
    results = RedisResults.from_url(redis_url())
    champions = Champions.of_settings(TASK, load_encoder, results, metrics, models)
    knowledge = champions.begin(
        partial(
            Knowledge,
            load_encoder=partial(load_encoder, settings=models),
            vectors=results,
            word_language=settings.word_language,
            threshold=settings.threshold,
            clock=_now,
            known_words=lambda artifact: whole_words(artifact.file("tokenizer.json")),
        )
    )
    act_champions = Champions.of_settings(ACTS_TASK, load_classifier, results, metrics, models)
    shadow = Shadow.of_settings(ACTS_TASK, results, metrics, models)
    load_acts = shadow.beside(partial(load_classifier, settings=models))
    acts = act_champions.begin(partial(ActModel, load_classifier=load_acts))
    figures = AnswerMetrics(metrics.registry)
    words = read_words(settings.words or PACKAGED)
    table = TopicTable(SUPPORT_KNOWLEDGE, knowledge.apply, SupportQa.name, metrics)
    reranking, rerank_watchers = _reranking(settings, models, results, metrics)
    wording, wording_tasks = _wording(load(LanguageModelSettings), results, metrics)
    watchers: tuple[Background, ...] = (
        ChampionWatcher(champions, knowledge.use, models.watch_every_s),
        ChampionWatcher(act_champions, acts.use, models.watch_every_s),
        shadow.task(metrics, models),
        *rerank_watchers,
        *wording_tasks,
    )
    processor = SupportQa(
        knowledge,
        acts,
        words,
        results,
        _now,
        settings,
        table.caught_up,
        metrics.stages.timed,
        ContradictionReports(metrics.registry),
        figures.answered,
        reranking,
        wording,
    )
    reviewer = KnowledgeReviewer(knowledge, results, _now, table.caught_up, metrics.registry)
    reviewing = PeriodicTask(
        "knowledge review", reviewer.look, LOOK_EVERY_S, metrics.health, metrics.liveness,
        busy_at_most=0.25, hung_after_s=REVIEWED_WITHIN_S,
    )  # fmt: skip
    desk = SupportDesk(results, words, _now, settings.conversation_s, figures.judged)
    run_service([processor, desk], results, metrics, background=(table, *watchers, reviewing))


def _reranking(
    settings: SupportQaSettings,
    models: ModelSettings,
    results: RedisResults,
    metrics: ServiceMetrics,
) -> tuple[RerankModel | None, tuple[Background, ...]]:
    """The reranker, where one is wanted, and what looks for a new champion of it."""
    reranking = RerankModel(
        partial(load_classifier, settings=models), metrics.registry, settings.threshold
    )
    champions = Champions.of_settings(RERANKER_TASK, load_classifier, results, metrics, models)
    if not settings.reranked:
        return None, ()
    champions.begin_if_any(reranking.use)
    return reranking, (ChampionWatcher(champions, reranking.use, models.watch_every_s),)


def _wording(
    settings: LanguageModelSettings, results: RedisResults, metrics: ServiceMetrics
) -> tuple[AnswerWording | None, tuple[Background, ...]]:
    """The language model, where one is configured, and what shows its words while they come."""
    if not settings.url:
        return None, ()
    parts = ShownParts(results, ceil(settings.timeout_s) + PART_OUTLIVES_S)
    showing = PeriodicTask("answer parts", parts.look, 0.0, metrics.health, metrics.liveness)
    told = WordingMetrics(metrics.registry, metrics.health)
    model = LanguageModel(
        Endpoint(settings, _now),
        settings.timeout_s,
        settings.at_once,
        first_token=told.first_token,
    )
    return AnswerWording(model, settings.model, told, parts), (showing,)


def _now() -> datetime:
    return datetime.now(UTC)
