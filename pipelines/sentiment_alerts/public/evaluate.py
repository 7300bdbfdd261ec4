"""Sentiment on public data, one data set after another, and the page of results."""

from __future__ import annotations

from pipelines.measuring.evaluation import EvaluationOptions
from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.public.benchmark import DataSplit, LearningResult, learn_and_judge
from pipelines.sentiment_alerts.public.champion import ChampionResult, measure_champion
from pipelines.sentiment_alerts.public.phrasebank import read_phrasebank, split_phrasebank
from pipelines.sentiment_alerts.public.report import (
    champion_section,
    phrasebank_section,
    sentfin_section,
    write_page,
)
from pipelines.sentiment_alerts.public.sentfin import companies_of_sentfin
from pipelines.sentiment_alerts.sentfin import FILE as SENTFIN
from pipelines.sentiment_alerts.settings import SentimentSettings
from textwire.models.artifacts.registry import open_registry

# Chosen before anything was measured; the watched part picks one of the epochs.
USUAL = SentimentSettings(epochs=5, learning_rate=1e-4, head_l2=1e-3)


def evaluate_sentiment(options: EvaluationOptions, progress: Progress) -> None:
    """Measure, say the figures, and write the page unless only one data set was asked for.

    Raises: DataError: the data are not there, or not as they should be.
    """
    settings = options.applied(USUAL)
    sections = []
    if options.wants("champion"):
        with progress.stage("Measuring the model that serves"):
            outcome_of_champion = measure_champion(options.data, open_registry())
        _say(outcome_of_champion, progress)
        sections.append(champion_section(outcome_of_champion))
    if options.wants("phrasebank"):
        parts = split_phrasebank(read_phrasebank(options.data / "financial_phrasebank"))
        with progress.part("phrasebank", 1, 2):
            outcome = _measured(parts, settings, progress)
        sections.append(phrasebank_section(outcome, settings, progress.take_seconds()))
    if options.wants("sentfin"):
        parts = companies_of_sentfin(options.data / SENTFIN, settings.seed)
        with progress.part("sentfin", 2, 2):
            outcome = _measured(parts, settings, progress)
        sections.append(sentfin_section(outcome, settings, progress.take_seconds()))
    if options.only is None:
        write_page(options.report, sections)
        progress.say(f"Written to {options.report}.")


def _say(outcome: ChampionResult, progress: Progress) -> None:
    for one in outcome.transfers:
        f = one.figures
        progress.say(
            f"{outcome.name}, {one.name}, {one.texts:,} {one.read}: accuracy {f['accuracy']:.2%}, "
            f"macro-F1 {f['macro_f1']:.2%}, ECE {f['ece']:.3f}."
        )
    headlines, right = outcome.conflicts
    progress.say(f"SEntFiN's headlines with opposite tones, all right: {right} of {headlines}.")


def _measured(parts: DataSplit, settings: SentimentSettings, progress: Progress) -> LearningResult:
    outcome = learn_and_judge(parts, settings, progress)
    for engine in ("base", "fp32", "int8"):
        f = {
            name: outcome.figures[f"{engine}_{name}"]
            for name in ("accuracy", "average_accuracy", "macro_f1", "ece")
        }
        progress.say(
            f"{engine}: accuracy {f['accuracy']:.2%}, average accuracy "
            f"{f['average_accuracy']:.2%}, macro-F1 {f['macro_f1']:.2%}, ECE {f['ece']:.3f}."
        )
    return outcome
