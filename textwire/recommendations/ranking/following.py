"""What follows from a user's items: an item model, a sequence model, or both, as finds more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.encoder import Vectors
from textwire.recommendations.ranking.item_model import load_item_model
from textwire.recommendations.ranking.mixed_model import SEQUENCE_PART, MixedModel
from textwire.recommendations.ranking.sequence_model import SEQUENCE_FILE, load_sequence_model


class Following(Protocol):
    """A model of a whole log, which tells what follows from a trail."""

    def scores(self, item_ids: Sequence[str], shares: Vectors) -> dict[str, float]:
        """What follows from these items together: item id -> weight, for all that have one.

        Args: item_ids: in order of time. shares: (n,) float32, how much each of them counts.
        """
        ...

    def is_of(self, item_ids: Sequence[str]) -> bool:
        """Whether it was trained in the shop that has these items."""
        ...


def load_following(artifact: Artifact) -> Following:
    """The item model of an artifact; the sequence model, where one is to serve, or both mixed.

    Raises: ArtifactMissing: it has neither. ArtifactCorrupt: one cannot be read.
    """
    if SEQUENCE_FILE not in artifact.manifest.files:
        return load_item_model(artifact)
    part = float(str(artifact.manifest.settings.get(SEQUENCE_PART, 1.0)))
    sequence = load_sequence_model(artifact)
    return sequence if part == 1.0 else MixedModel(load_item_model(artifact), sequence, part)
