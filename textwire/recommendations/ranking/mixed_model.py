"""What follows by two models at once: by which items go together, and by their order.

    score_j = (1 - part) * items_j / sum(items) + part * sequence_j / sum(sequence)

An item model knows few users' pairs well and nothing of their order, a sequence model the other
way round. On amazon_industrial both find more together when they order all items, and lists that
serve are the same within noise (docs/results/sequence_model.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.item_model import ItemModel
from textwire.recommendations.ranking.sequence_model import SequenceModel

# In a manifest's settings: how much the sequence model counts; 1 where nothing is said.
SEQUENCE_PART = "sequence_part"


@dataclass(frozen=True)
class MixedModel:
    """Both models of one log; part: of the sequence model, in [0, 1]."""

    items: ItemModel
    sequence: SequenceModel
    part: float

    def scores(self, item_ids: Sequence[str], shares: Vectors) -> dict[str, float]:
        """The mean of both, each of sum 1: item id -> weight, for all that have one.

        Args: item_ids: in order of time. shares: (n,) float32, how much each of them counts.
        """
        return mixed(
            self.items.scores(item_ids, shares), self.sequence.scores(item_ids, shares), self.part
        )

    def is_of(self, item_ids: Sequence[str]) -> bool:
        """Whether it was trained in the shop that has these items."""
        return self.items.is_of(item_ids)


def mixed(
    by_items: Mapping[str, float], by_sequence: Mapping[str, float], part: float
) -> dict[str, float]:
    """The weighted mean of two models' scores, each of sum 1; of one alone where the other is none.

    What speaks against an item, below 0, is left out.
    """
    items, sequence = _shared(by_items), _shared(by_sequence)
    if not items or not sequence:
        return items or sequence
    both = {item_id: (1.0 - part) * share for item_id, share in items.items()}
    for item_id, share in sequence.items():
        both[item_id] = both.get(item_id, 0.0) + part * share
    return both


def _shared(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weight for weight in weights.values() if weight > 0.0)
    return {item_id: weight / total for item_id, weight in weights.items() if weight > 0.0}
