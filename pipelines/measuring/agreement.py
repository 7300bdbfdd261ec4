"""How near the int8 graph is to what it was made from, and whether that is near enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textwire.errors import ArtifactError
from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class VectorAgreement:
    """How near one engine's vectors are to another's."""

    cosine_mean: float
    cosine_min: float
    top1: float  # part of the queries whose nearest key is the same

    def require(self, cosine_mean: float, top1: float) -> None:
        """Pass, or refuse.

        Raises: ArtifactError: a figure lies below its bound.
        """
        if self.cosine_mean < cosine_mean or self.top1 < top1:
            raise ArtifactError(
                f"The quantised model strays too far: mean cosine {self.cosine_mean:.4f} (at least "
                f"{cosine_mean}), same first passage {self.top1:.3f} (at least {top1}). Nothing "
                "was registered. Train on more data, or lower the bounds in the settings."
            )


@dataclass(frozen=True)
class LabelAgreement:
    """How near one engine's probabilities are to another's."""

    same_label: float  # part of the texts
    mean_gap: float  # between the probabilities of labels
    max_gap: float

    def require(self, same_label: float) -> None:
        """Pass, or refuse.

        Raises: ArtifactError: fewer texts have the same label.
        """
        if self.same_label < same_label:
            raise ArtifactError(
                f"The quantised model strays too far: it labels {self.same_label:.3f} of the texts "
                f"as before (at least {same_label}). Nothing was registered. Train on more data, "
                "or lower the bound in the settings."
            )


def compare_vectors(
    queries: Vectors, keys: Vectors, other_queries: Vectors, other_keys: Vectors
) -> VectorAgreement:
    """Agreement of two engines over the same queries and keys.

    Args: queries, other_queries: (n, d) float32, keys, other_keys: (m, d) float32; unit length.
    """
    cosines = np.concatenate(
        [(queries * other_queries).sum(axis=1), (keys * other_keys).sum(axis=1)]
    )
    nearest = (queries @ keys.T).argmax(axis=1)
    other_nearest = (other_queries @ other_keys.T).argmax(axis=1)
    return VectorAgreement(
        cosine_mean=float(cosines.mean()),
        cosine_min=float(cosines.min()),
        top1=float((nearest == other_nearest).mean()),
    )


def compare_labels(probabilities: Vectors, others: Vectors) -> LabelAgreement:
    """Agreement of two engines over the same texts.

    Args: probabilities, others: (n, labels) float32.
    """
    gaps = np.abs(probabilities - others)
    same = probabilities.argmax(axis=1) == others.argmax(axis=1)
    return LabelAgreement(float(same.mean()), float(gaps.mean()), float(gaps.max()))
