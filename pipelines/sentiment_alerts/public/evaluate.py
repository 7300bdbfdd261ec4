"""Sentiment on public data, one data set after another, and the page of results."""

from __future__ import annotations

from pipelines.evaluation import EvaluationOptions
from pipelines.progress import Progress
from pipelines.sentiment_alerts.public.benchmark import DataSplit, LearningResult, learn_and_judge
from pipelines.sentiment_alerts.public.phrasebank import read_phrasebank, split_phrasebank
from pipelines.sentiment_alerts.public.report import phrasebank_section, sentfin_section, write_page
from pipelines.sentiment_alerts.public.sentfin import read_sentfin, split_sentfin
from pipelines.sentiment_alerts.settings import SentimentSettings

# Chosen before anything was measured; the watched part picks one of the epochs.
USUAL = SentimentSettings(epochs=5, learning_rate=1e-4, head_l2=1e-3)


def evaluate_sentiment(options: EvaluationOptions, progress: Progress) -> None:
    """Measure, say the figures, and write the page unless only one data set was asked for.

    Raises: DataError: the data are not there, or not as they should be.
    """
    settings = options.applied(USUAL)
    sections = []
    if options.wants("phrasebank"):
        parts = split_phrasebank(read_phrasebank(options.data / "financial_phrasebank"))
        with progress.part("phrasebank", 1, 2):
            outcome = _measured(parts, settings, progress)
        sections.append(phrasebank_section(outcome, settings, progress.take_seconds()))
    if options.wants("sentfin"):
        parts = split_sentfin(read_sentfin(options.data / "sentfin"), settings.seed)
        with progress.part("sentfin", 2, 2):
            outcome = _measured(parts, settings, progress)
        sections.append(sentfin_section(outcome, settings, progress.take_seconds()))
    if options.only is None:
        write_page(options.report, sections)
        progress.say(f"Written to {options.report}.")


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
