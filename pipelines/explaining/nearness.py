"""Which words bring two texts near each other, by an encoder that reads each for itself."""

from __future__ import annotations

import torch

from pipelines.explaining.asked import Asked
from pipelines.explaining.attribution import Attribution, attribute
from pipelines.explaining.report import heading, lines, misses
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.torch import TorchEncoder

NOT_ALL = (
    "What is found where it serves depends on more than this cosine: on words that both have, on "
    "other rows, on dates. That is no part of the model, so it is not told here."
)


def explain_nearness(encoder: TorchEncoder, text: str, beside: str) -> Attribution:
    """What each word of a text adds to its cosine with another, which stays as it is."""
    other = torch.from_numpy(encoder.encode([beside])[0])

    def cosine(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return encoder.vectors(ids, mask).cpu() @ other

    return attribute(cosine, encoder.embeddings, encoder.reader, text)


def told_of_two(artifact: Artifact, asked: Asked) -> str:
    """Of the words of the one beside the other as it is, and the other way round."""
    encoder = TorchEncoder(artifact)
    beside = asked.beside or ""
    there = explain_nearness(encoder, asked.text, beside)
    back = explain_nearness(encoder, beside, asked.text)
    return "\n".join(
        [
            heading("Words of TEXT: cosine", there),
            *lines(there.words),
            *misses(there),
            heading("Words of --beside: cosine", back),
            *lines(back.words),
            *misses(back),
            NOT_ALL,
        ]
    )
