"""Texts and their classes, as a program asks for them: names, how sure, and what cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.classifier import Classified
from textwire.models.engines.onnx import Precision
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.models.engines.tokenizing import MOST_UNREAD, Floats, TokenReader

THRESHOLD = "topic:"


@dataclass(frozen=True)
class Labelled:
    """What a model tells of one text.

    classes   names with their probabilities, the likeliest first: one of a model whose texts have
              one each; of others all that reach their thresholds, which may be none.
    readable  whether the model knows the letters; if it does not, there are no classes.
    """

    classes: tuple[tuple[str, float], ...]
    readable: bool = True


class Labeller:
    """A classifier of anyone's own classes, with the thresholds that were chosen for it."""

    def __init__(self, artifact: Artifact, precision: Precision = "int8", threads: int = 1) -> None:
        """Load the model of an artifact.

        Raises: ArtifactMissing: it has no such graph.
                ArtifactCorrupt: it is none of a classifier, or lacks a threshold.
        """
        manifest = artifact.manifest
        self._classifier = OnnxClassifier(artifact, precision, threads)
        self.name = self._classifier.name
        self.several = not self._classifier.labels
        self._reader = TokenReader(artifact.file("tokenizer.json"), manifest.max_tokens)
        wanted = [f"{THRESHOLD}{name}" for name in self._classifier.topics]
        if any(name not in manifest.thresholds for name in wanted):
            raise ArtifactCorrupt(
                f"The manifest in {artifact.path} lacks the threshold of a class. {MAKE_ANEW}"
            )
        self._least = np.array([manifest.thresholds[name] for name in wanted], dtype=np.float32)

    @property
    def classes(self) -> tuple[str, ...]:
        """All that it can tell, in the order of its columns."""
        return self._classifier.topics if self.several else self._classifier.labels

    def label_texts(self, texts: Sequence[str]) -> list[Labelled]:
        """The classes of each text, in the order of the texts."""
        if not texts:
            return []
        found = self._classifier.classify(texts)
        unread = self._reader.unread_shares(texts)
        return [self._labelled(place, found, unread) for place in range(len(texts))]

    def _labelled(self, place: int, found: Classified, unread: Floats) -> Labelled:
        if unread[place] >= MOST_UNREAD:
            return Labelled((), readable=False)
        if self.several:
            row = found.topics[place]
            told = np.flatnonzero(row >= self._least)
        else:
            row = found.labels[place]
            told = row.argmax(keepdims=True)
        order = told[np.argsort(-row[told], kind="stable")]
        return Labelled(tuple((self.classes[at], float(row[at])) for at in order))
