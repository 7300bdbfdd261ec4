"""`python -m pipelines.sentiment_alerts.public.students`: what a teacher is worth to a student.

Students of fewer layers learn from the same few labelled texts: by themselves, with a teacher's
word on these, and with its word on others too. All are judged on SEntFiN's last tenth.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from pipelines.classification.examples import Examples
from pipelines.classification.heads import fit_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.train import tune
from pipelines.distillation.classifier_teacher import Heads, ask_teacher
from pipelines.distillation.depth import keep_layers
from pipelines.distillation.settings import Distillation
from pipelines.distillation.taught import tune_as_taught
from pipelines.distillation.taught_examples import TaughtExamples, beside_unlabelled
from pipelines.distillation.teachers import Teacher, find_teachers
from pipelines.measuring.classification_metrics import macro_f1
from pipelines.running.progress import Progress
from pipelines.sentiment_alerts.examples import examples_of
from pipelines.sentiment_alerts.samples import SampleNews
from pipelines.sentiment_alerts.sentfin import FILE, read_sentfin, split_sentfin
from pipelines.sentiment_alerts.settings import SentimentSettings
from textwire.errors import DataError
from textwire.models.base_model import PACKAGED, find_base
from textwire.models.engines.encoder import Vectors
from textwire.samples import samples_dir
from textwire.sentiment_alerts.messages import SENTIMENTS


class Figures(NamedTuple):
    """Of one model on the texts it is judged on."""

    name: str
    accuracy: float
    macro_f1: float
    texts_per_second: float  # of torch, fp32


class Setting(NamedTuple):
    """What all students share."""

    heads: Heads
    settings: SentimentSettings
    layers: int
    labelled: Examples
    judged: Examples


def measure_students(
    folder: Path, teacher: Teacher, setting: Setting, more: Sequence[str], progress: Progress
) -> list[Figures]:
    """A student by itself, one that is taught, and one that is taught on other texts too.

    Args: folder: where soft labels are kept. more: texts without labels.
    """
    heads, settings, labelled = setting.heads, setting.settings, setting.labelled
    asked = Distillation((teacher.name,), folder, layers=setting.layers)
    soft = ask_teacher(
        teacher.base.folder,
        heads,
        settings.max_tokens,
        [*labelled.texts, *more],
        folder / "soft_labels",
        progress,
    )
    with tempfile.TemporaryDirectory() as work:
        untaught = _student(setting, Path(work), progress)
        with progress.stage("Fine-tuning") as stage:
            tune(untaught, labelled, settings, stage)
        found = [_figures("by itself", untaught, setting.judged)]
    for name, texts in (("taught", []), (f"taught, {len(more):,} other texts too", more)):
        taught = beside_unlabelled(labelled, texts, soft[: len(labelled) + len(texts)])
        found.append(_taught(name, setting, taught, asked, progress))
    return found


def _taught(
    name: str,
    setting: Setting,
    taught: TaughtExamples,
    asked: Distillation,
    progress: Progress,
) -> Figures:
    with tempfile.TemporaryDirectory() as work:
        student = _student(setting, Path(work), progress)
        with progress.stage("Fine-tuning as taught") as stage:
            tune_as_taught(student, taught, setting.settings, asked, stage)
        return _figures(name, student, setting.judged)


def _student(setting: Setting, folder: Path, progress: Progress) -> TextClassifier:
    settings, labelled = setting.settings, setting.labelled
    student = setting.heads.new_on(find_base(PACKAGED), folder, settings.max_tokens)
    keep_layers(student.text.transformer, setting.layers)
    with progress.stage("Fitting heads on the frozen model"):
        pooled = student.text.pool_once(labelled.texts, settings.train_tokens)
        fit_heads(student, pooled, labelled, settings)
    return student


def _figures(name: str, model: TextClassifier, judged: Examples) -> Figures:
    started = time.process_time()
    logits, _ = model.logits(judged.texts)
    seconds = time.process_time() - started
    return _judged(name, logits, judged, len(judged) / seconds)


def _judged(name: str, logits: Vectors, judged: Examples, speed: float) -> Figures:
    given = logits.argmax(axis=1)
    right = float((given == judged.labels).mean())
    return Figures(name, right, macro_f1(given, judged.labels), speed)


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds sentfin/.  [env: TEXTWIRE_DATA]",
)
@click.option("--teacher", "at", required=True, help="Folder of a sentiment model that was made.")
@click.option("--layers", default=3, show_default=True)
@click.option("--labelled", "few", default=1_500, show_default=True, help="Texts with labels.")
@click.option("--unlabelled", "many", default=3_000, show_default=True, help="Texts without.")
@click.option("--epochs", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(data: Path, at: str, layers: int, few: int, many: int, epochs: int, seed: int) -> None:
    """Measure what a teacher is worth to students of fewer layers."""
    progress = Progress(Console())
    source = SampleNews(samples_dir() / "sentiment_alerts", data)
    news = source.read()
    everything = examples_of(news.train, news.topics, news.linker)
    drawn = random.Random(seed).sample(range(len(everything)), few + many)  # noqa: S311 - no secret
    test = split_sentfin(read_sentfin(data / FILE)).test
    judged = examples_of(test, news.topics, news.linker)
    settings = replace(SentimentSettings(), epochs=epochs, seed=seed)
    heads = Heads(SENTIMENTS, news.topics)
    setting = Setting(heads, settings, layers, everything.part(drawn[:few]), judged)
    more = [everything.texts[place] for place in drawn[few:]]
    with tempfile.TemporaryDirectory() as cache:
        (teacher,) = find_teachers([at], Path(cache))
        if teacher.artifact is None:
            raise DataError(f"{at} is a base model: give one that tells the tone of news.")
        found = measure_students(Path(cache), teacher, setting, more, progress)
        with tempfile.TemporaryDirectory() as work:
            soft = ask_teacher(
                teacher.base.folder,
                heads,
                settings.max_tokens,
                judged.texts,
                Path(work),
                progress,
            )
    found.append(_judged("the teacher", soft[:, : len(SENTIMENTS)], judged, float("nan")))
    for figures in found:
        progress.say(
            f"{figures.name}: {figures.accuracy:.1%} right, macro-F1 {figures.macro_f1:.3f}, "
            f"{figures.texts_per_second:.0f} texts a second of processor time"
        )


if __name__ == "__main__":
    main()
