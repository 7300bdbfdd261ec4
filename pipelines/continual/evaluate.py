"""`python -m pipelines.continual.evaluate`: what each strategy forgets, on real news."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
import torch
from rich.console import Console

from pipelines.continual.forgetting import Accuracies, measure_forgetting
from pipelines.continual.learner import ContinualLearner
from pipelines.continual.periods import Parts, learn_in_turn
from pipelines.continual.reuters import LABELS, TOPICS, reuters_periods
from pipelines.continual.settings import STRATEGIES, ContinualSettings, Strategy
from pipelines.distillation.depth import keep_layers
from pipelines.running.progress import Progress
from pipelines.training.text_model import TextModel
from textwire.models.base_model import PACKAGED, find_base

MAX_TOKENS = 64


class Outcome(NamedTuple):
    """What came of a strategy."""

    accuracies: Accuracies  # (periods, periods)
    seconds: float


def compare_strategies(
    periods: list[Parts],
    settings: ContinualSettings,
    layers: int | None,
    progress: Progress,
) -> dict[Strategy, Outcome]:
    """Every strategy on the same periods, from the same base model."""
    found: dict[Strategy, Outcome] = {}
    for number, strategy in enumerate(STRATEGIES, start=1):
        with progress.part(strategy, number, len(STRATEGIES)), tempfile.TemporaryDirectory() as at:
            torch.manual_seed(settings.seed)
            text = TextModel(find_base(PACKAGED), Path(at), MAX_TOKENS)
            if layers:
                keep_layers(text.transformer, layers)
            learner = ContinualLearner(text, len(LABELS), replace(settings, strategy=strategy))
            progress.take_seconds()
            accuracies = learn_in_turn(learner, periods, progress)
            found[strategy] = Outcome(accuracies, sum(progress.take_seconds().values()))
    return found


def page(
    found: Mapping[Strategy, Outcome],
    periods: list[Parts],
    settings: ContinualSettings,
    layers: int | None,
    command: str,
) -> str:
    """The page of results, in Markdown."""
    learned = ", ".join(str(len(parts.train.texts)) for parts in periods)
    judged = ", ".join(str(len(parts.test.texts)) for parts in periods)
    depth = f"cut to {layers} of its layers, evenly chosen;" if layers else "whole;"
    before = sum(len(parts.train.texts) for parts in periods[:-1])
    all_kept = "" if before > settings.replay_size else f": here all {before} that there are"
    return f"""# Learning one period after another

Written by `{command}`.

Reuters-21578, stories of one topic each, in three periods. Each period brings three new topics
({"; ".join(", ".join(topics) for topics in TOPICS)}), and only stories of these are labelled.
{learned} stories are learned from, and {judged} later ones of the same
period judged, each among all nine topics. all-MiniLM-L6-v2 {depth} {MAX_TOKENS} tokens of a story,
{settings.epochs} epochs a period, seed {settings.seed}, one run of each.

{_summary(found)}

- *mean forgotten*: best accuracy so far less that at the end, over the first two periods; *most*:
  of the period that lost most. *BWT*: backward transfer (arXiv:1706.08840).
- `replay` keeps {settings.replay_size} stories of earlier periods{all_kept}. They
  are learned beside the new ones, so it takes more steps than the others. `ewc` weighs the diagonal
  Fisher penalty {settings.ewc_weight:,.0f} times, estimated on {settings.ewc_texts} stories a
  period. `lwf`: {settings.lwf_weight} of the loss is what the model said of the new stories before,
  at a temperature of {settings.lwf_temperature}.
- `adapters` is told each story's period and reads it by that period's adapters and head. So it
  cannot forget, and its accuracy is that of an easier question.

## Accuracies

A row after each period, a column for the stories of each.

{"".join(_matrix(strategy, outcome) for strategy, outcome in found.items())}"""


def _summary(found: Mapping[Strategy, Outcome]) -> str:
    lines = [
        "| strategy | accuracy at the end | mean forgotten | most | BWT | seconds |",
        "|---|---|---|---|---|---|",
    ]
    for strategy, outcome in found.items():
        m = measure_forgetting(outcome.accuracies)
        lines.append(
            f"| {strategy} | {m.average_accuracy:.1%} | {m.mean_forgetting:.1%} | "
            f"{m.most_forgotten:.1%} | {m.backward_transfer:+.1%} | {outcome.seconds:.0f} |"
        )
    return "\n".join(lines)


def _matrix(strategy: Strategy, outcome: Outcome) -> str:
    rows = "\n".join(
        f"| after {number} | " + " | ".join(f"{accuracy:.1%}" for accuracy in row) + " |"
        for number, row in enumerate(outcome.accuracies, start=1)
    )
    return f"### {strategy}\n\n| | 1 | 2 | 3 |\n|---|---|---|---|\n{rows}\n\n"


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="TEXTWIRE_DATA",
    required=True,
    help="Folder that holds reuters21578/.  [env: TEXTWIRE_DATA]",
)
@click.option("--page", "to", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--train-texts", default=30, show_default=True, help="Of each topic, at most.")
@click.option("--test-texts", default=20, show_default=True, help="Of each topic, at most.")
@click.option("--epochs", default=ContinualSettings.epochs, show_default=True)
@click.option("--ewc-weight", default=ContinualSettings.ewc_weight, show_default=True)
@click.option("--layers", type=click.IntRange(min=1), help="Of the base model's; all if not given.")
def main(
    data: Path,
    to: Path | None,
    train_texts: int,
    test_texts: int,
    epochs: int,
    ewc_weight: float,
    layers: int | None,
) -> None:
    """Measure what each strategy forgets of three periods of Reuters' news."""
    settings = ContinualSettings(epochs=epochs, ewc_weight=ewc_weight, train_tokens=MAX_TOKENS)
    periods = reuters_periods(data, train_texts, test_texts)
    found = compare_strategies(periods, settings, layers, Progress(Console()))
    command = (
        f"python -m pipelines.continual.evaluate --train-texts {train_texts} --test-texts "
        f"{test_texts} --epochs {epochs} --ewc-weight {ewc_weight:g}"
        + (f" --layers {layers}" if layers else "")
    )
    written = page(found, periods, settings, layers, command)
    if to:
        to.write_text(written, encoding="utf-8")
    click.echo(written)


if __name__ == "__main__":
    main()
