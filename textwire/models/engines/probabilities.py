"""From a classifier's logits to calibrated probabilities, in whichever engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.encoder import Vectors


@dataclass(frozen=True)
class Heads:
    """The names of a classifier's columns, and what its logits are divided by.

    Source: temperature scaling, Guo et al. 2017, arXiv:1706.04599.
    """

    labels: tuple[str, ...]
    topics: tuple[str, ...]
    label_temperature: float
    topic_temperature: float

    @classmethod
    def of(cls, artifact: Artifact) -> Heads:
        """What the manifest says.

        Raises: ArtifactCorrupt: it is of no classifier, names a column twice, or a temperature is
                not above zero.
        """
        manifest = artifact.manifest
        temperatures = [manifest.temperatures.get(head, 1.0) for head in ("labels", "topics")]
        twice = any(len(set(names)) < len(names) for names in (manifest.labels, manifest.topics))
        if not (manifest.labels or manifest.topics) or twice or min(temperatures) <= 0:
            raise ArtifactCorrupt(
                f"The manifest in {artifact.path} does not describe a classifier: it needs labels "
                f"or topics that all differ, and temperatures above 0. {MAKE_ANEW}"
            )
        return cls(manifest.labels, manifest.topics, *temperatures)

    def classified(self, label_logits: Vectors, topic_logits: Vectors) -> Classified:
        """Probabilities from logits, (n, labels) and (n, topics) float32, of the same shapes."""
        return Classified(
            labels=softmax(label_logits / self.label_temperature),
            topics=sigmoid(topic_logits / self.topic_temperature),
        )


def softmax(logits: Vectors) -> Vectors:
    """Probabilities of classes of which one is right.

    Args:    logits: (n, classes) float32.
    Returns: (n, classes) float32; rows sum to 1, where there are classes.
    """
    if not logits.shape[1]:
        return logits
    # The largest is taken off, so that no power overflows.
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: Vectors = (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


def sigmoid(logits: Vectors) -> Vectors:
    """Probabilities of classes each of which may be right.

    Args:    logits: (n, classes) float32.
    Returns: (n, classes) float32 in [0, 1].
    """
    # By way of tanh, which overflows nowhere.
    probabilities: Vectors = (0.5 * (1 + np.tanh(logits / 2))).astype(np.float32)
    return probabilities
