"""How a sequence model learns what was taken after what."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch

from pipelines.fusion.kinds import Kind
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.sequence.towers import NOTHING, SequenceTowers, padded
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.running.progress import Stage
from pipelines.training.fine_tuning import fine_tune
from pipelines.training.run import UNKEPT, TrainingRun
from pipelines.training.schedule import Schedule
from textwire.recommendations.messages import BehaviourEvent
from textwire.recommendations.profiles.event_meaning import event_weight
from textwire.recommendations.profiles.trail import FOLLOWED_WEIGHT, STEPS
from textwire.recommendations.ranking.sequence_model import SequenceModel, sequence_model

# As is usual in the papers' small sets; not compared yet: docs/results/sequence_model.md.
DIMENSION = 64
DROPOUT = 0.3
LEARNING_RATE = 1e-3
BATCH_HISTORIES = 128

Histories = list[list[int]]


def fit_sequence_model(
    data: ShopData,
    events: Sequence[BehaviourEvent],
    vectors: TextVectors,
    settings: RecommendationSettings,
    stage: Stage,
    run: TrainingRun = UNKEPT,
) -> SequenceModel | None:
    """What follows in which order, by these events; None where nobody took two things.

    loss = mean over steps of -log softmax over items at the one that was taken next; in a large
    catalogue over an even draw of `negatives` of them and all that are taken in the batch.

    Raises: SettingsError: there is no such way to fuse kinds.
    """
    ids = list(data.by_id)
    histories = taken_in_order(events, {item_id: place for place, item_id in enumerate(ids)})
    windows = [window for history in histories for window in windows_of(history)]
    if not windows:
        return None
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        towers = SequenceTowers(
            kinds_of(data, vectors),
            settings.fusion,
            steps=STEPS,
            dimension=DIMENSION,
            layers=settings.sequence_layers,
            dropout=DROPOUT,
        )
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret

    def draw_epoch() -> list[Histories]:
        order = rng.sample(windows, len(windows))
        size = BATCH_HISTORIES
        return [order[at : at + size] for at in range(0, len(order), size)]

    schedule = Schedule(settings.sequence_epochs, LEARNING_RATE, seed=settings.seed)
    fine_tune(towers, draw_epoch, next_item_loss(settings.negatives), schedule, stage, run=run)
    towers.eval()
    return sequence_model(ids, towers.weights())


def next_item_loss(negatives: int) -> Callable[[SequenceTowers, Histories], torch.Tensor]:
    """The loss of a batch of windows, a scalar, ()."""

    def loss(towers: SequenceTowers, batch: Histories) -> torch.Tensor:
        device = towers.own.device
        places = torch.from_numpy(padded(batch)).to(device)  # (m, steps + 1)
        told, followed = places[:, :-1], places[:, 1:]
        items = towers.items()
        logits = towers.logits(items, told).float()  # (m, steps, n)
        logits = _among_drawn(logits, places, negatives)
        return torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), followed.flatten(), ignore_index=NOTHING
        )

    return loss


def _among_drawn(logits: torch.Tensor, places: torch.Tensor, negatives: int) -> torch.Tensor:
    count = logits.shape[-1]
    if count <= negatives:
        return logits
    left_out = torch.ones(count, dtype=torch.bool)
    left_out[torch.randperm(count)[:negatives]] = False
    left_out[places.cpu().clamp_min(0).flatten()] = False
    return logits.masked_fill(left_out.to(logits.device), -torch.inf)


def taken_in_order(events: Sequence[BehaviourEvent], places: Mapping[str, int]) -> list[list[int]]:
    """Of each user the places of what was taken, in order of time, none twice in a row."""
    by_user: dict[str, list[int]] = defaultdict(list)
    for event in events:
        place = places.get(event.item_id or "")
        if place is not None and event_weight(event) >= FOLLOWED_WEIGHT:
            taken = by_user[event.user_id]
            if taken[-1:] != [place]:
                taken.append(place)
    return list(by_user.values())


def windows_of(history: Sequence[int]) -> list[list[int]]:
    """Parts of a history, each of the steps that serve and the one after; the newest first.

    Each step but the first is told once at least.
    """
    ends = range(len(history), 1, -STEPS)
    return [list(history[max(0, end - STEPS - 1) : end]) for end in ends]


def kinds_of(data: ShopData, vectors: TextVectors) -> dict[str, Kind]:
    """What is known of each item: its text, its numbers, and what was given beside, by name."""
    items = list(data.by_id.values())
    prices = [math.nan if item.price is None else math.log1p(item.price) for item in items]
    kinds = {"text": Kind.of_all(vectors.rows([item.text for item in items]))}
    if not np.isnan(prices).all():
        kinds["numbers"] = Kind.of_numbers(np.array(prices, dtype=np.float32)[:, None])
    for name, found in data.vectors.items():
        width = len(next(iter(found.values())))
        kinds[name] = Kind.of_some(list(data.by_id), found, width)
    return kinds
