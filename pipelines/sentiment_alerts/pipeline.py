"""Sentiment as one of the pipelines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pipelines.measuring.judgement import Judge
from pipelines.pipeline import Make, Pipeline
from pipelines.sentiment_alerts.data import NewsData
from pipelines.sentiment_alerts.own_data import OwnArticles
from pipelines.sentiment_alerts.rows import ReadingArticles
from pipelines.sentiment_alerts.samples import SampleNews
from pipelines.sentiment_alerts.settings import APPLICATION, TASK, SentimentSettings
from textwire.samples import samples_dir


def usual() -> tuple[SampleNews, SentimentSettings]:
    """What ships with the project, and the settings chosen on it."""
    return SampleNews(samples_dir() / "sentiment_alerts"), SentimentSettings()


def summary(metrics: Mapping[str, float]) -> str:
    """The tone of articles and for companies beside what it began with, and the topics."""
    m = metrics
    parts = []
    if "accuracy" in m:
        parts.append(f"articles {m['accuracy']:.1%} right (as it began {m['base_accuracy']:.1%})")
    if "company_accuracy" in m:
        parts.append(f"companies {m['company_accuracy']:.1%} ({m['base_company_accuracy']:.1%})")
    if "topic_micro_f1" in m:
        parts.append(f"topics micro-F1 {m['topic_micro_f1']:.3f} ({m['base_topic_micro_f1']:.3f})")
    return f"{', '.join(parts)}, ECE {m['all_ece']:.3f}."


def load_make() -> Make[NewsData, SentimentSettings]:
    """What makes the artifact."""
    from pipelines.sentiment_alerts.make import make_artifact

    return make_artifact


def load_judge() -> Judge:
    """What compares versions by rows."""
    from pipelines.sentiment_alerts.judge import judge

    return judge


def own_rows(data: Path, mapping: tuple[str, ...], drop_repeats: bool) -> OwnArticles:
    """A file of one's own rows as a source."""
    return OwnArticles(data, None, ReadingArticles(mapping=mapping, drop_repeats=drop_repeats))


pipeline = Pipeline(
    APPLICATION, TASK, usual, load_make, summary, load_judge, own_rows, in_shadow=True
)
