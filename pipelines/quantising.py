"""An int8 graph from an fp32 one, and how far its vectors stray."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnxruntime.quantization import QuantType, quantize_dynamic

from textwire.errors import ArtifactError
from textwire.models.encoder import Vectors


def quantise(graph: Path, int8_graph: Path) -> None:
    """Write the graph with int8 weights, a scale to each channel, and activations scaled at run."""
    logging.disable(logging.WARNING)  # it advises a preparation that gains nothing here
    try:
        quantize_dynamic(
            graph,
            int8_graph,
            per_channel=True,
            weight_type=QuantType.QInt8,
            # 7 bits: without VNNI, sums of two 8-bit products overflow their 16 bits. Measured on
            # MiniLM and AVX2: worst cosine to fp32 0.970, and 0.950 with all 8.
            reduce_range=True,
            extra_options={"MatMulConstBOnly": True},
        )
    finally:
        logging.disable(logging.NOTSET)


@dataclass(frozen=True)
class Agreement:
    """How near one engine's vectors are to another's."""

    cosine_mean: float
    cosine_min: float
    top1: float  # part of the questions whose nearest passage is the same

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


def compare(
    questions: Vectors, passages: Vectors, other_questions: Vectors, other_passages: Vectors
) -> Agreement:
    """Agreement of two engines over the same questions and passages."""
    cosines = np.concatenate(
        [(questions * other_questions).sum(axis=1), (passages * other_passages).sum(axis=1)]
    )
    nearest = (questions @ passages.T).argmax(axis=1)
    other_nearest = (other_questions @ other_passages.T).argmax(axis=1)
    return Agreement(
        cosine_mean=float(cosines.mean()),
        cosine_min=float(cosines.min()),
        top1=float((nearest == other_nearest).mean()),
    )
