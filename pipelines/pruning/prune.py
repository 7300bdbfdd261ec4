"""Learn, take out what carries least, and learn on with what is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from pipelines.pruning.choosing import heads_that_stay, layers_that_stay
from pipelines.pruning.importance import measure_importance
from pipelines.pruning.requirements import Pruned, require_suits
from pipelines.tuning.layers import keep_blocks
from textwire.errors import SettingsError
from textwire.models.engines.pruned_heads import KEPT_HEADS, attentions, heads_of, keep_heads

if TYPE_CHECKING:
    from pipelines.training.run import TrainingRun
    from pipelines.training.text_model import TextModel

# Of an epoch: docs/results/pruning.md has how alike the order is by fewer and by more.
MEASURED_BATCHES = 64
R = TypeVar("R", bound=Pruned)
M = TypeVar("M", bound=torch.nn.Module)
B = TypeVar("B")


def fit_and_prune(
    model: M,
    text: TextModel,
    settings: R,
    fit: Callable[[R, TrainingRun], list[float]],
    draw_epoch: Callable[[], Sequence[B]],
    loss_of: Callable[[M, B], torch.Tensor],
    run: TrainingRun,
) -> list[float]:
    """Let a model learn; where the settings ask for it, prune it, and let it learn on.

    Args:    text: the part of the model that has heads and layers.
             fit: lets it learn by a recipe, and merges what was put in; the mean loss of each
             epoch.
             draw_epoch, loss_of: what importance is measured by.
    Returns: the mean losses of all epochs.
    Raises:  SettingsError: that cannot be taken out, or not with that method.
    """
    if not settings.prune_heads and not settings.prune_layers:
        return fit(settings, run)
    require_prunable(text.transformer, settings)
    losses = fit(settings, run)
    prune(model, text, settings, draw_epoch()[:MEASURED_BATCHES], loss_of)
    if settings.prune_epochs:
        recipe = replace(settings, epochs=settings.prune_epochs)  # type: ignore[type-var]
        losses += fit(recipe, run.stage("pruned"))
    text.forget_pooled()
    # What LoRA learned after it belongs to matrices that no installed base has.
    text.adapters = {}
    return losses


def require_prunable(transformer: Any, settings: Pruned) -> None:
    """Pass, or refuse before anything learns.

    Raises: SettingsError: that cannot be taken out, or not with that method.
    """
    require_suits(settings)
    layers = settings.prune_layers
    there = len(attentions(transformer))
    if not there:
        raise SettingsError(
            f"{type(transformer).__name__} has no layers of BERT's kind, so nothing can be taken "
            "out of it: set prune_heads=0 and prune_layers=0, or take another base model."
        )
    if layers >= there:
        raise SettingsError(
            f"prune_layers={layers}, and the base model has {there}: 0 to {there - 1} can go."
        )
    if settings.method == "frozen" and settings.frozen_layers >= there - layers:
        raise SettingsError(
            f"frozen_layers={settings.frozen_layers} would freeze all {there - layers} layers that "
            "prune_layers leaves: lower one of both."
        )


def prune(
    model: M,
    text: TextModel,
    settings: Pruned,
    batches: Sequence[B],
    loss_of: Callable[[M, B], torch.Tensor],
) -> None:
    """Take out layers first, then heads, whose importance is measured among what is left.

    Args: batches, loss_of: what importance is measured by.
    """
    transformer = text.transformer
    if settings.prune_layers:
        importance = measure_importance(model, transformer, loss_of, batches)
        keep_blocks(transformer, layers_that_stay(importance.layers, settings.prune_layers))
    if settings.prune_heads:
        importance = measure_importance(model, transformer, loss_of, batches)
        kept = heads_that_stay(importance.heads, settings.prune_heads)
        _remember(transformer, kept)
        keep_heads(transformer, kept)


def _remember(transformer: Any, kept: dict[int, list[int]]) -> None:
    """Write down what is loaded by; of one that was pruned before, by the heads it began with."""
    before = getattr(transformer.config, KEPT_HEADS, None)
    begun = (
        [before[str(layer)] for layer in range(len(heads_of(transformer)))]
        if before
        else [list(range(count)) for count in heads_of(transformer)]
    )
    now = {str(layer): [begun[layer][head] for head in heads] for layer, heads in kept.items()}
    setattr(transformer.config, KEPT_HEADS, now)
