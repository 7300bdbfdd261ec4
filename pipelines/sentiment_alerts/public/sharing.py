"""`python -m pipelines.sentiment_alerts.public.sharing`: one encoder under both heads, or two.

All learn from the same few texts of the samples: one encoder under the head for the tone and that
for topics, and two that a penalty holds near each other by more and more. Judged on all that the
samples hold out, in fp32.
"""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from pipelines.classification.examples import Examples
from pipelines.classification.heads import set_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.sharing import TwinTextModel, classifier_on, read_by
from pipelines.classification.train import tune
from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.descriptions import describe
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.samples import SampleNews
from pipelines.sentiment_alerts.settings import SentimentSettings
from textwire.models.base_model import PACKAGED, find_base
from textwire.samples import samples_dir

Floats = NDArray[np.float64]


def judged(model: TextClassifier, held_out: Examples) -> tuple[Floats, Floats]:
    """Whether each tone is right, (n,), and of each article F1 of its topics, (articles,)."""
    labels, topics = model.logits(held_out.texts)
    told, right = topics[held_out.has_topics] > 0, held_out.topics[held_out.has_topics]
    both = told.sum(axis=1) + right.sum(axis=1)
    f1 = np.where(both > 0, 2 * (told & right).sum(axis=1) / np.maximum(both, 1), 1.0)
    return (labels.argmax(axis=1) == held_out.labels).astype(np.float64), f1


def row(name: str, found: tuple[Floats, Floats], hard: tuple[Floats, Floats], rest: str) -> str:
    """A line of the table, with the standard errors of the paired differences."""
    cells = []
    for own, usual in zip(found, hard, strict=True):
        apart = own - usual
        error = apart.std() / len(apart) ** 0.5
        cells.append(f"{100 * own.mean():.1f} | {100 * apart.mean():+.1f} ± {100 * error:.1f}")
    return f"| {name} | {' | '.join(cells)} | {rest} |"


@click.command()
@click.option("--rows", default=1_200, show_default=True, help="Texts that are learned from.")
@click.option("--epochs", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--weight", "weights", multiple=True, type=float, default=(1e-6, 1e-2, 1.0))
def main(rows: int, epochs: int, seed: int, weights: tuple[float, ...]) -> None:
    """Measure what soft sharing gains over hard sharing, and print a table."""
    progress = Progress(Console(width=200))
    news = SampleNews(samples_dir() / "sentiment_alerts").read()
    everything = examples_of(news.train, news.topics, news.linker)
    drawn = random.Random(seed).sample(range(len(everything)), rows)  # noqa: S311 - no secret
    train, held_out = everything.part(drawn), examples_of(news.held_out, news.topics, news.linker)
    hard = None
    for weight in (0.0, *weights):
        settings = replace(SentimentSettings(), epochs=epochs, seed=seed, soft_sharing=weight)
        with tempfile.TemporaryDirectory() as work:
            text = read_by(find_base(PACKAGED), Path(work), settings, two_heads=True)
            model = classifier_on(text, 3, len(news.topics))
            set_heads(model, train, settings, describe(news))
            started = time.process_time()
            with progress.stage("Fine-tuning") as stage:
                tune(model, train, settings, stage)
            seconds = time.process_time() - started
            found = judged(model, held_out)
        hard = hard or found
        apart = f"{_apart(text):.3g}" if isinstance(text, TwinTextModel) else "-"
        name = f"two, held together by {weight:g}" if weight else "one encoder"
        progress.say(row(name, found, hard, f"{apart} | {seconds:.0f}"))


def _apart(text: TwinTextModel) -> float:
    text.transformer.requires_grad_(True)
    return text.apart().item()


if __name__ == "__main__":
    main()
