"""How the head and the encoder beneath it learn."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch

from pipelines.entities.examples import TaggedRow
from pipelines.entities.model import TokenTagger
from pipelines.entities.settings import EntitySettings
from pipelines.pruning.prune import fit_and_prune
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import hold_back, schedule_of
from pipelines.training.text_model import reduced_precision
from pipelines.tuning.methods import OF_CLASSIFIERS, choose_trainable_layers, merged
from textwire.errors import DataError
from textwire.models.engines.token_batches import token_batches

# Of L-BFGS; some 50 are needed.
MOST_STEPS = 200
# That a head is solved over: 200,000 states of 384 numbers are 300 MB.
MOST_WORDS = 200_000


def require_method(settings: EntitySettings) -> None:
    """That the method is one by which words can be tagged.

    Raises: DataError: it is one of whole texts.
    """
    if settings.method in OF_CLASSIFIERS:
        raise DataError(
            f"--method {settings.method} is for labels of whole texts. Entities are learned from "
            "their tags: use --method full, lora or head."
        )


def fit_head(model: TokenTagger, rows: Sequence[TaggedRow], settings: EntitySettings) -> None:
    """Solve for the head over the states of a transformer that stays as it is.

    Convex, so there is one answer and no epochs; where the layers learn too, they begin from it.
    Source: Kumar et al. 2022, arXiv:2202.10054 (linear probing, then fine-tuning).
    """
    states, tagged = _states_once(model, rows, settings.seed)
    for weight in model.tags.parameters():
        torch.nn.init.zeros_(weight)
    optimizer = torch.optim.LBFGS(
        list(model.tags.parameters()), max_iter=MOST_STEPS, line_search_fn="strong_wolfe"
    )

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model.tags(states), tagged)
        loss = loss + settings.head_l2 * model.tags.weight.square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimizer.step(closure)  # type: ignore[no-untyped-call]


def tune(
    model: TokenTagger,
    rows: Sequence[TaggedRow],
    settings: EntitySettings,
    stage: Stage,
    run: TrainingRun = UNKEPT,
) -> list[float]:
    """Let the layers learn with the head, by the method of the settings; the mean loss of epochs.

    Args: run: where checkpoints are kept.
    """
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    learned, held = hold_back(rows, settings)

    @torch.inference_mode()
    def judge() -> float:
        batches = draw_batches(held, settings.batch_texts, random.Random(0))  # noqa: S311
        return -float(np.mean([float(loss_of(model, batch)) for batch in batches]))

    def draw_epoch() -> list[list[TaggedRow]]:
        return draw_batches(learned, settings.batch_texts, rng)

    def fit(recipe: EntitySettings, run: TrainingRun) -> list[float]:
        choose_trainable_layers(model.text, recipe.method, recipe.frozen_layers)
        schedule = schedule_of(recipe)
        losses = fine_tune(model, draw_epoch, loss_of, schedule, stage, run=run, judge=judge)
        merged(model.text)
        return losses

    return fit_and_prune(model, model.text, settings, fit, draw_epoch, loss_of, run)


def loss_of(model: TokenTagger, batch: Sequence[TaggedRow]) -> torch.Tensor:
    """The mean cross-entropy of the words' tags, a scalar, ()."""
    states = model.states([one.row for one in batch])
    tagged = torch.from_numpy(np.concatenate([one.tagged for one in batch])).to(states.device)
    return torch.nn.functional.cross_entropy(model.tags(states), tagged)


def draw_batches(rows: Sequence[TaggedRow], size: int, rng: random.Random) -> list[list[TaggedRow]]:
    """All rows once, in random order."""
    order = rng.sample(range(len(rows)), len(rows))
    return [[rows[at] for at in order[begin : begin + size]] for begin in range(0, len(rows), size)]


def _states_once(
    model: TokenTagger, rows: Sequence[TaggedRow], seed: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """States of words, (words, width) float32, and their tags, (words,) int64."""
    model.text.transformer.eval()  # no dropout
    chosen = random.Random(seed).sample(list(rows), len(rows))  # noqa: S311 - no secret
    counts = np.cumsum([len(one.tagged) for one in chosen])
    chosen = chosen[: int(np.searchsorted(counts, MOST_WORDS)) + 1]
    states, tagged = [], []
    with torch.no_grad(), reduced_precision(model.text.device.type):
        for batch in token_batches([len(one.row.ids) for one in chosen]):
            some = [chosen[place] for place in batch]
            states.append(model.states([one.row for one in some]))
            tagged += [one.tagged for one in some]
    return torch.cat(states), torch.from_numpy(np.concatenate(tagged)).to(model.text.device)
