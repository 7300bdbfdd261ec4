"""`python -m pipelines.classify.public.pruned_speed`: pruned int8 graphs, side by side.

Speed does not hang on what was learned, so the base model is pruned as it comes, heads by lot. All
graphs read the same questions on one thread, in turns, so that what else a machine does falls on
all of them alike.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from pipelines.artifacts.drafting import draft_artifact
from pipelines.classification.model import TextClassifier
from pipelines.classify.examples import columns_of
from pipelines.classify.pipeline import pipeline
from pipelines.classify.public.pruned import drawn_heads
from pipelines.classify.public.texts import PublicTexts
from pipelines.classify.settings import ClassifySettings
from pipelines.distillation.depth import keep_layers
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.pruned_heads import heads_of, keep_heads

Floats = NDArray[np.float64]
# Layers that go, and the part of the heads of each that is left.
SHAPES = ((0, 0.0), (0, 0.25), (0, 0.5), (0, 0.75), (1, 0.0), (2, 0.0), (3, 0.0), (2, 0.5))


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds banking77/.  [env: TEXTWIRE_DATA]",
)
@click.option("--texts", default=500, show_default=True)
@click.option("--turns", default=7, show_default=True)
def main(data: Path, texts: int, turns: int) -> None:
    """Measure texts a second of a thread's own time, and print a table."""
    progress = Progress(Console(width=200))
    source = PublicTexts("banking77", data)
    spec = pipeline.spec(source, ClassifySettings())
    labels, topics = columns_of(source.read())
    questions = random.Random(0).sample([one.text for one in source.test()], texts)  # noqa: S311
    with tempfile.TemporaryDirectory(prefix="speed-") as work:
        engines, sizes = [], []
        for layers, part in SHAPES:
            folder = Path(work) / f"{layers}-{part}"
            folder.mkdir()
            text = TextModel(spec.base, folder, spec.settings.max_tokens)
            if layers:
                keep_layers(text.transformer, len(text.transformer.encoder.layer) - layers)
            if part:
                keep_heads(text.transformer, drawn_heads(heads_of(text.transformer), part))
            model = TextClassifier(text, len(labels), len(topics))
            artifact = draft_artifact(spec, model, "speed", folder, labels=labels, topics=topics)
            sizes.append(artifact.file("model.int8.onnx").stat().st_size / 1e6)
            engines.append(OnnxClassifier(artifact, "int8", threads=1))
            for name in ("model.onnx", "model.safetensors"):
                (folder / name).unlink()
        seconds = np.zeros((turns, len(SHAPES)))
        for turn in range(turns):
            for place, engine in enumerate(engines):
                started = time.process_time()
                engine.logits(questions)
                seconds[turn, place] = time.process_time() - started
    for (layers, part), size, ratio, error, quickest in zip(
        SHAPES, sizes, *_ratios(seconds), seconds.min(axis=0), strict=True
    ):
        speed = f"{texts / quickest:.0f} | {ratio:.2f} ± {error:.2f}"
        progress.say(f"| {layers} | {part:g} | {size:.1f} | {speed} |")


def _ratios(seconds: Floats) -> tuple[Floats, Floats]:
    """How often as quick as the whole model, mean over turns and its standard error."""
    ratios = seconds[:, :1] / seconds
    return ratios.mean(axis=0), ratios.std(axis=0, ddof=1) / len(ratios) ** 0.5


if __name__ == "__main__":
    main()
