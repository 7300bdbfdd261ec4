"""Classes told by their descriptions alone: no text's label is learned from.

Yin et al. 2019, arXiv:1909.00161, with the vectors of an encoder in place of entailment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from pipelines.classification.model import TextClassifier
from textwire.errors import DataError

# Cosines of texts and descriptions lie within some 0.2 of one another.
SHARPNESS = 10.0


@dataclass(frozen=True)
class Descriptions:
    """What each label and topic means, in words, by its name."""

    labels: Mapping[str, str]
    topics: Mapping[str, str]


def describe_heads(
    model: TextClassifier, descriptions: Descriptions, texts: Sequence[str], tokens: int
) -> None:
    """Make each head's rows the vectors of what its classes are described by.

    A text is nearest to the class to whose description it is nearest, as seen from the middle of
    all texts: what all of them have in common tells nothing.

    Args:   descriptions: in the order of the heads' columns. texts: unlabelled, to find their
            middle. tokens: of a text that are read.
    Raises: DataError: a class has no description.
    """
    middle = model.text.pool_once(texts, tokens).mean(dim=0)  # (d,)
    for head, described in (
        (model.labels, descriptions.labels),
        (model.topics, descriptions.topics),
    ):
        if head is None or not head.out_features:
            continue
        without = [name for name, words in described.items() if not words.strip()]
        if without or len(described) != head.out_features:
            raise DataError(
                "--method zero-shot needs a description in words of each class, and has none of "
                f"{', '.join(without) or 'some'}. Topics have theirs in `about`."
            )
        vectors = model.text.pool_once(list(described.values()), tokens)
        rows = torch.nn.functional.normalize(vectors - middle, dim=-1)
        scale = SHARPNESS / vectors.norm(dim=-1).mean()
        with torch.no_grad():
            head.weight.copy_(scale * rows)
            head.bias.copy_(-scale * rows @ middle)
