"""Two towers that share an encoder: a user's vector lies near that of the item liked next.

The user's vector is the very mean that a profile holds when it serves (`ranking.profiles`): of the
texts seen and said before, by weight and age. So a step need not read users: it encodes a few
texts anew, takes all other vectors from the last time they were encoded, and every user who has to
do with one of those texts teaches it.

    loss = mean over moments of -log softmax(cos(user, item) / temperature) at the item liked next

over all items but those in the user's own history. Sources: van den Oord et al. 2018,
arXiv:1807.03748 (the loss); Wang et al. 2020, arXiv:1912.06798 (vectors drift slowly, so old ones
serve). Where only the targets of a batch are told apart, popular ones come up too often, and log Q
must be taken from their logits (Yi et al. 2019, "Sampling-bias-corrected neural modeling"): that
estimates the softmax over the catalogue. Here every item, or an even draw of them, is in the sum:
nothing to correct.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import torch

from pipelines.fine_tuning import Schedule, fine_tune
from pipelines.methods import choose_trainable, learning_rate, merged
from pipelines.progress import Stage
from pipelines.recommendations.data import ShopData, moment_of
from pipelines.recommendations.impressions import Moment
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.text_model import TextModel
from textwire.errors import DataError
from textwire.recommendations.profiles import DAY_S, event_weight, faded

# What is older or lighter than so much of a user's history hardly moves its mean.
KEPT_PAST = 64


class UserHistory(NamedTuple):
    """What a user did before a moment: places of texts, and what each weighs then."""

    places: tuple[int, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True)
class TrainingExample:
    """At a moment: a history, and the place of the item's text that was liked next."""

    history: UserHistory
    target: int


class Step(NamedTuple):
    """Texts to encode anew, and examples in which they come up."""

    texts: list[int]
    examples: list[TrainingExample]


def tune(
    model: TextModel,
    data: ShopData,
    moments: Sequence[Moment],
    base: TextVectors,
    settings: RecommendationSettings,
    stage: Stage,
) -> list[float]:
    """Train in place; the mean loss of each epoch.

    Args:   base: the vectors before, with which the first steps compare.
    Raises: DataError: nothing was liked after something else.
    """
    examples = find_examples(data, moments, base.places, settings.half_life_days)
    if not examples:
        raise DataError(
            "No user of the train part liked an item after anything else: there is no history to "
            "learn from. Give events over a longer time, or with more than one of each user."
        )
    towers = Towers(data, base, settings)
    choose_trainable(model, settings.method)
    rng = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    rate = learning_rate(settings.method, settings.learning_rate)
    losses = fine_tune(
        model,
        lambda: draw_steps(examples, settings, rng),
        towers.loss,
        Schedule(settings.epochs, rate, seed=settings.seed),
        stage,
    )
    merged(model)
    return losses


def find_examples(
    data: ShopData, moments: Sequence[Moment], places: dict[str, int], half_life_days: float
) -> list[TrainingExample]:
    """Of each moment with a history, the first item that was liked after it."""
    histories = find_histories(data, moments, places, half_life_days)
    return [
        TrainingExample(history, places[data.by_id[moment.liked[0]].text])
        for moment, history in zip(moments, histories, strict=True)
        if moment.liked and history.places
    ]


def find_histories(
    data: ShopData, moments: Sequence[Moment], places: dict[str, int], half_life_days: float
) -> list[UserHistory]:
    """What each moment's user did before it; the newest `KEPT_PAST` events that have a text."""
    by_user: dict[str, list[int]] = defaultdict(list)
    for number, event in enumerate(data.events):
        by_user[event.user_id].append(number)
    return [
        _past(
            data, [n for n in by_user[moment.user_id] if n < moment.place], places, half_life_days
        )
        for moment in moments
    ]


def draw_steps(
    examples: Sequence[TrainingExample], settings: RecommendationSettings, rng: random.Random
) -> list[Step]:
    """All texts that come up in examples once, a few a step, each step with examples about them."""
    about: dict[int, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        for place in {example.target, *example.history.places}:
            about[place].append(number)
    texts = rng.sample(sorted(about), len(about))
    size = settings.texts_per_step
    groups = [texts[at : at + size] for at in range(0, len(texts), size)]
    return [_step(group, about, examples, settings.moments_per_step, rng) for group in groups]


class Towers:
    """Every text's vector as it was last encoded, and the loss of a step."""

    def __init__(self, data: ShopData, base: TextVectors, settings: RecommendationSettings) -> None:
        self._texts = list(base.places)
        self._bank = torch.from_numpy(base.vectors.copy())
        self._items = [base.places[item.text] for item in data.by_id.values()]
        self._settings = settings
        self._rng = random.Random(settings.seed)  # noqa: S311 - a sample, no secret

    def loss(self, model: TextModel, step: Step) -> torch.Tensor:
        """Encode the step's texts, and compare its users with the items."""
        texts = [self._texts[place] for place in step.texts]
        encoded = model.embed(texts, self._settings.train_tokens)
        with torch.autocast("cpu", enabled=False):
            fresh = torch.tensor(step.texts)
            vectors = self._bank.index_put((fresh,), encoded.float())
            self._bank[fresh] = encoded.detach().float()
            return self._info_nce(vectors, step.examples)

    def _info_nce(self, vectors: torch.Tensor, examples: Sequence[TrainingExample]) -> torch.Tensor:
        items = self._drawn(examples)
        column = {place: number for number, place in enumerate(items)}
        users = user_vectors(vectors, [example.history for example in examples])  # (m, d)
        logits = users @ vectors[torch.tensor(items)].T / self._settings.temperature
        targets = torch.tensor([column[example.target] for example in examples])
        own = torch.zeros(logits.shape, dtype=torch.bool)
        for row, example in enumerate(examples):
            own[row, [column[place] for place in example.history.places if place in column]] = True
        own[torch.arange(len(examples)), targets] = False
        return torch.nn.functional.cross_entropy(logits.masked_fill(own, -torch.inf), targets)

    def _drawn(self, examples: Sequence[TrainingExample]) -> list[int]:
        """All items, or of a larger catalogue an even draw and the targets."""
        if len(self._items) <= self._settings.negatives:
            return list(dict.fromkeys(self._items))
        drawn = self._rng.sample(self._items, self._settings.negatives)
        return list(dict.fromkeys([*drawn, *(example.target for example in examples)]))


def user_vectors(vectors: torch.Tensor, histories: Sequence[UserHistory]) -> torch.Tensor:
    """What profiles would hold, (m, d) of unit length, with gradients.

    Args: vectors: (n, d), of all texts.
    """
    weights = torch.zeros(len(histories), len(vectors))
    for row, history in zip(weights, histories, strict=True):
        places = torch.tensor(history.places, dtype=torch.int64)
        row.index_add_(0, places, torch.tensor(history.weights, dtype=torch.float32))
    return torch.nn.functional.normalize(weights @ vectors, dim=1)


def _past(
    data: ShopData, before: Sequence[int], places: dict[str, int], half_life_days: float
) -> UserHistory:
    told = ((data.events[number], data.text_of(data.events[number])) for number in reversed(before))
    newest = [
        (event, places[text])
        for event, text in islice(
            ((event, text) for event, text in told if text and event_weight(event) > 0.0),
            KEPT_PAST,
        )
    ]
    if not newest:
        return UserHistory((), ())
    now = max(moment_of(event) for event, _ in newest)
    ages = [(now - moment_of(event)).total_seconds() / DAY_S for event, _ in newest]
    weights = [
        event_weight(event) * faded(age, half_life_days)
        for (event, _), age in zip(newest, ages, strict=True)
    ]
    total = float(np.sum(weights))
    return UserHistory(
        tuple(place for _, place in newest), tuple(weight / total for weight in weights)
    )


def _step(
    texts: list[int],
    about: dict[int, list[int]],
    examples: Sequence[TrainingExample],
    most: int,
    rng: random.Random,
) -> Step:
    numbers = sorted({number for place in texts for number in about[place]})
    if len(numbers) > most:
        numbers = rng.sample(numbers, most)
    return Step(texts, [examples[number] for number in numbers])
