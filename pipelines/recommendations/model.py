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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch

from pipelines.recommendations.data import ShopData
from pipelines.recommendations.histories import UserHistory
from pipelines.recommendations.replay import TextVectors
from pipelines.recommendations.settings import RecommendationSettings
from pipelines.training.text_model import TextModel
from pipelines.tuning.methods import PARTS, Objective

OBJECTIVE = Objective(
    loss="two towers, InfoNCE over the catalogue; LightGBM over features; Platt's calibration",
    methods={method: f"fine-tuning of {part}" for method, part in PARTS.items()},
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


class Towers(torch.nn.Module):
    """Every text's vector as it was last encoded, and the loss of a step.

    The vectors are a buffer: they are saved with the model, so that a run that was killed goes on
    with them.
    """

    bank: torch.Tensor

    def __init__(self, data: ShopData, base: TextVectors, settings: RecommendationSettings) -> None:
        super().__init__()
        self._texts = list(base.places)
        self.register_buffer("bank", torch.from_numpy(base.vectors.copy()))
        self._items = [base.places[item.text] for item in data.by_id.values()]
        self._settings = settings

    def forward(self, model: TextModel, step: Step) -> torch.Tensor:
        """Encode the step's texts, and compare its users with the items."""
        texts = [self._texts[place] for place in step.texts]
        encoded = model.embed(texts, self._settings.train_tokens)
        with torch.autocast(encoded.device.type, enabled=False):
            fresh = torch.tensor(step.texts, device=encoded.device)
            vectors = self.bank.index_put((fresh,), encoded.float())
            self.bank[fresh] = encoded.detach().float()
            return self._info_nce(vectors, step.examples)

    @torch.inference_mode()
    def likelihood(self, model: TextModel, examples: Sequence[TrainingExample]) -> float:
        """The mean log probability of what was liked next, all texts as the model reads them."""
        vectors = torch.from_numpy(model.encode(self._texts)).to(self.bank.device)
        return -float(self._info_nce(vectors, examples))

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
        logits = logits.masked_fill(own.to(logits.device), -torch.inf)
        return torch.nn.functional.cross_entropy(logits, targets.to(logits.device))

    def _drawn(self, examples: Sequence[TrainingExample]) -> list[int]:
        """All items, or of a larger catalogue an even draw and the targets."""
        if len(self._items) <= self._settings.negatives:
            return list(dict.fromkeys(self._items))
        # torch's own numbers, which a checkpoint keeps.
        places = torch.randperm(len(self._items))[: self._settings.negatives].tolist()
        drawn = (self._items[place] for place in places)
        return list(dict.fromkeys([*drawn, *(example.target for example in examples)]))


def user_vectors(vectors: torch.Tensor, histories: Sequence[UserHistory]) -> torch.Tensor:
    """What profiles would hold, (m, d) float32 of unit length, with gradients.

    Args: vectors: (n, d) float32, of all texts.
    """
    weights = torch.zeros(len(histories), len(vectors))  # filled where indexing is cheap
    for row, history in zip(weights, histories, strict=True):
        places = torch.tensor(history.places, dtype=torch.int64)
        row.index_add_(0, places, torch.tensor(history.weights, dtype=torch.float32))
    return torch.nn.functional.normalize(weights.to(vectors.device) @ vectors, dim=1)
