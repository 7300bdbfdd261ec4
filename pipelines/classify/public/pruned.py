"""`python -m pipelines.classify.public.pruned`: what pruning costs and gains on banking77.

One model learns; copies of it lose heads, layers or both, and learn on for an epoch, as one copy
does that loses nothing. All are judged on the test part, as int8 graphs on one thread.
"""

from __future__ import annotations

import copy
import random
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from scipy.stats import spearmanr

from pipelines.artifacts.drafting import draft_artifact
from pipelines.classification.examples import Examples
from pipelines.classification.heads import label_weights, set_heads
from pipelines.classification.model import TextClassifier, loss_of
from pipelines.classification.train import draw_batches, tune
from pipelines.classify.data import ClassedTexts
from pipelines.classify.descriptions import describe
from pipelines.classify.examples import columns_of, examples_of
from pipelines.classify.pipeline import pipeline
from pipelines.classify.public.texts import PublicTexts
from pipelines.classify.settings import ClassifySettings
from pipelines.distillation.depth import keep_layers
from pipelines.pruning.importance import Importance, measure_importance
from pipelines.pruning.prune import MEASURED_BATCHES, prune
from pipelines.running.progress import Progress
from pipelines.running.training_spec import TrainingSpec
from pipelines.training.text_model import TextModel
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.pruned_heads import heads_of, keep_heads

TIMED = 2  # the quicker reading counts
COMPARED_BATCHES = (8, 16, 32)
Bools = NDArray[np.bool_]
Spec = TrainingSpec[ClassedTexts, ClassifySettings]


@dataclass(frozen=True)
class Trial:
    """What a copy loses. by_lot: heads are drawn; evenly: layers are chosen as by --layers."""

    name: str
    heads: float = 0.0
    layers: int = 0
    by_lot: bool = False
    evenly: bool = False


TRIALS = (
    Trial("nothing"),
    Trial("1/4 of the heads", heads=0.25),
    Trial("1/2 of the heads", heads=0.5),
    Trial("3/4 of the heads", heads=0.75),
    Trial("1/2 of the heads, drawn by lot", heads=0.5, by_lot=True),
    Trial("1 layer", layers=1),
    Trial("2 layers", layers=2),
    Trial("3 layers", layers=3),
    Trial("3 layers, evenly chosen", layers=3, evenly=True),
    Trial("2 layers, 1/2 of the heads", heads=0.5, layers=2),
)


@dataclass(frozen=True)
class Learned:
    """A model and what it learned from."""

    spec: Spec
    data: ClassedTexts
    examples: Examples
    model: TextClassifier
    folder: Path  # of its tokenizer

    def batches(self, count: int) -> list[Examples]:
        """So many batches of what it learned from."""
        rng = random.Random(1)  # noqa: S311 - an order, no secret
        return draw_batches(self.examples, self.spec.settings.batch_texts, rng)[:count]

    def loss(self, model: TextClassifier, batch: Examples) -> torch.Tensor:
        """By which importance is measured, a scalar, ()."""
        settings = self.spec.settings
        logits = model.heads(model.text.pool(batch.texts, settings.train_tokens))
        weights = label_weights(model, self.examples, settings)
        return loss_of(logits, batch, weights, settings.topic_weight)

    def importance(self, batches: int) -> Importance:
        """Of its heads and layers, by so many batches."""
        transformer = self.model.text.transformer
        return measure_importance(self.model, transformer, self.loss, self.batches(batches))


@dataclass(frozen=True)
class Served:
    """An int8 graph: which texts it tells rightly, (n,) bool, its size, texts a second of CPU."""

    right: Bools
    megabytes: float
    texts_per_second: float


def learn(spec: Spec, folder: Path, progress: Progress) -> Learned:
    """All layers, with a head that is solved for first."""
    data = spec.source.read()
    examples = examples_of(data.train, data)
    labels, topics = columns_of(data)
    text = TextModel(spec.base, folder, spec.settings.max_tokens)
    model = TextClassifier(text, len(labels), len(topics))
    set_heads(model, examples, spec.settings, describe(data))
    with progress.stage("Fine-tuning") as stage:
        tune(model, examples, spec.settings, stage)
    return Learned(spec, data, examples, model, folder)


def lose(learned: Learned, trial: Trial) -> TextClassifier:
    """A copy without what the trial names."""
    learned.model.text.forget_pooled()
    model = copy.deepcopy(learned.model)
    transformer = model.text.transformer
    if trial.evenly:
        keep_layers(transformer, len(transformer.encoder.layer) - trial.layers)
    elif trial.by_lot:
        keep_heads(transformer, drawn_heads(heads_of(transformer), trial.heads))
    else:
        settings = replace(
            learned.spec.settings, prune_heads=trial.heads, prune_layers=trial.layers
        )
        prune(model, model.text, settings, learned.batches(MEASURED_BATCHES), learned.loss)
    return model


def drawn_heads(heads: Sequence[int], part: float) -> dict[int, list[int]]:
    """By layer the places of heads that stay, without that part of each layer's, by lot."""
    rng = random.Random(0)  # noqa: S311 - no secret
    return {at: sorted(rng.sample(range(n), n - round(part * n))) for at, n in enumerate(heads)}


def serve(learned: Learned, model: TextClassifier, test: Examples, readings: int) -> Served:
    """Export, quantise, and read the test part as a service would."""
    with tempfile.TemporaryDirectory(prefix="pruned-") as work:
        folder = Path(work)
        shutil.copy(learned.folder / "tokenizer.json", folder)
        labels, topics = columns_of(learned.data)
        artifact = draft_artifact(
            learned.spec, model, "pruned", folder, labels=labels, topics=topics
        )
        classifier = OnnxClassifier(artifact, "int8", threads=1)
        seconds = []
        for _ in range(readings):
            started = time.process_time()
            logits, _ = classifier.logits(test.texts)
            seconds.append(time.process_time() - started)
        size = artifact.file("model.int8.onnx").stat().st_size / 1e6
    return Served(logits.argmax(axis=1) == test.labels, size, len(test) / min(seconds))


def row(name: str, model: TextClassifier, at_once: Served, after: Served, whole: Served) -> str:
    """A line of the table; the error is that of the paired difference to the whole model."""
    apart = after.right.astype(float) - whole.right
    error = 100 * float(apart.std()) / len(apart) ** 0.5
    heads = ", ".join(map(str, heads_of(model.text.transformer)))
    return (
        f"| {name} | {heads} | {100 * at_once.right.mean():.1f} | {100 * after.right.mean():.1f} | "
        f"{100 * apart.mean():+.1f} ± {error:.1f} | {after.megabytes:.1f} | "
        f"{after.texts_per_second:.0f} |"
    )


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds banking77/.  [env: TEXTWIRE_DATA]",
)
@click.option("--rows", default=2_000, show_default=True, help="That are learned from.")
@click.option("--epochs", default=3, show_default=True)
@click.option("--seed", default=0, show_default=True)
def main(data: Path, rows: int, epochs: int, seed: int) -> None:
    """Measure what pruning costs and gains, and print the table of docs/results/pruning.md."""
    progress = Progress(Console(width=200))
    source = PublicTexts("banking77", data, rows)
    spec = pipeline.spec(source, ClassifySettings(epochs=epochs, seed=seed))
    with tempfile.TemporaryDirectory(prefix="learned-") as folder:
        learned = learn(spec, Path(folder), progress)
        test = examples_of(source.test(), learned.data)
        told = np.concatenate(learned.importance(MEASURED_BATCHES).heads)
        for fewer in COMPARED_BATCHES:
            rank = spearmanr(np.concatenate(learned.importance(fewer).heads), told).statistic
            progress.say(f"Heads by {fewer} batches and by {MEASURED_BATCHES}: rank {rank:.3f}")
        whole = None
        for trial in TRIALS:
            model = lose(learned, trial)
            at_once = serve(learned, model, test, 1)
            with progress.stage("Learning on") as stage:
                tune(model, learned.examples, replace(spec.settings, epochs=1), stage)
            after = serve(learned, model, test, TIMED)
            whole = whole or after
            progress.say(row(trial.name, model, at_once, after, whole))


if __name__ == "__main__":
    main()
