"""What is trained: two towers that share an encoder, so that a user lies near the item liked next.

The user's vector is the very mean that a profile holds when it serves (`histories.py`): of the
texts seen and said before, by weight and age. So a step need not read users: it encodes a few
texts anew, takes all other vectors from the last time they were encoded, and every user who has to
do with one of those texts teaches it.

    loss = mean over moments of -log softmax(cos(user, item) / temperature) at the item liked next

over all items but those in the user's own history. Sources: van den Oord et al. 2018,
arXiv:1807.03748 (the loss); Wang et al. 2020, arXiv:1912.06798 (vectors drift slowly, so old ones
serve). Where only the targets of a batch are told apart, popular ones come up too often, and log Q
must be taken from their logits (Yi et al. 2019, "Sampling-bias-corrected neural modeling"): that
estimates the softmax over the catalogue. Here every item, or an even draw of them, is in the sum:
nothing to correct. The ranker that orders what is found is of `trees.py`.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from pipelines.methods import Objective
from pipelines.recommendations.data import ShopData
from pipelines.recommendations.histories import UserHistory
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.text_model import TextModel

OBJECTIVE = Objective(
    loss="two towers, InfoNCE over the catalogue; LightGBM over features; Platt's calibration",
    methods={
        "full": "fine-tuning of all layers",
        "lora": "fine-tuning of LoRA's adapters on every linear layer",
        "head": "learning of a matrix over the frozen model's vectors",
    },
)


@dataclass(frozen=True)
class TrainingExample:
    """At a moment: a history, and the place of the item's text that was liked next."""

    history: UserHistory
    target: int


class Step(NamedTuple):
    """Texts to encode anew, and examples in which they come up."""

    texts: list[int]
    examples: list[TrainingExample]


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
    """What profiles would hold, (m, d) float32 of unit length, with gradients.

    Args: vectors: (n, d) float32, of all texts.
    """
    weights = torch.zeros(len(histories), len(vectors))
    for row, history in zip(weights, histories, strict=True):
        places = torch.tensor(history.places, dtype=torch.int64)
        row.index_add_(0, places, torch.tensor(history.weights, dtype=torch.float32))
    return torch.nn.functional.normalize(weights @ vectors, dim=1)
