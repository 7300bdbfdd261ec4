"""Every method on the same few hundred turns: `python -m benchmarks.methods [METHOD]...`.

What a customer's message does, of 15 acts: 600 turns to learn from, 600 held out, MiniLM, the rates
of `pipelines.tuning.methods`. One seed, so a point or two of accuracy says nothing; the order of
seconds and of weights does.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from rich.console import Console

from pipelines.classification.examples import Examples
from pipelines.classification.heads import set_heads
from pipelines.classification.model import TextClassifier
from pipelines.classification.train import tune
from pipelines.dialogue_acts.descriptions import describe
from pipelines.dialogue_acts.examples import examples_of
from pipelines.dialogue_acts.pipeline import usual
from pipelines.dialogue_acts.settings import DialogueActSettings
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import METHODS, WITHOUT_TUNING, Method, choose_trainable_layers
from textwire.models.base_model import find_base
from textwire.support_qa.dialogue_acts import ACTS, SEPARATOR

TURNS = 600
RECIPE = DialogueActSettings(epochs=3, learning_rate=1e-4, batch_texts=16)


def main() -> None:
    """Measure those that are named, or all."""
    data = usual()[0].read()
    rng = random.Random(0)  # noqa: S311 - a sample, no secret
    train, held_out = (
        examples_of(rng.sample(list(rows), TURNS)) for rows in (data.train, data.held_out)
    )
    print("| method | weights that learn | seconds | accuracy |\n|---|---|---|---|")
    for method in METHODS:
        if not sys.argv[1:] or method in sys.argv[1:]:
            learning, seconds, accuracy = measured(method, train, held_out)
            print(f"| {method} | {learning:,} | {seconds:.0f} | {accuracy:.1%} |", flush=True)


def measured(method: Method, train: Examples, held_out: Examples) -> tuple[int, float, float]:
    """How many weights learn, how long it takes, and the part of held-out turns that is right."""
    settings = replace(RECIPE, method=method)
    with tempfile.TemporaryDirectory() as folder:
        model = new_model(settings, Path(folder))
        began = time.monotonic()
        set_heads(model, train, settings, describe())
        if method not in WITHOUT_TUNING:
            with Progress(Console(quiet=True)).stage(method) as stage:
                tune(model, train, settings, stage)
        seconds = time.monotonic() - began
        labels, _ = model.logits(held_out.texts)
        right = np.mean(labels.argmax(axis=1) == held_out.labels)
        fresh = new_model(settings, Path(folder))
        choose_trainable_layers(fresh.text, method, settings.frozen_layers)
    heads = 0 if method == "zero-shot" else 2 * len(ACTS) * (model.dimension + 1)
    learning = sum(w.numel() for w in fresh.text.parameters() if w.requires_grad)
    return learning + heads, seconds, float(right)


def new_model(settings: DialogueActSettings, folder: Path) -> TextClassifier:
    """MiniLM with heads that know nothing."""
    text = TextModel(find_base(settings.base), folder, settings.max_tokens)
    text.pooled_until = text.reader.id_of(SEPARATOR)
    return TextClassifier(text, len(ACTS), len(ACTS))


if __name__ == "__main__":
    main()
