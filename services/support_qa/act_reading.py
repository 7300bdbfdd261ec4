"""The model of dialogue acts that stands now."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textwire.models.artifact import Artifact
from textwire.models.classifier import Classifier
from textwire.models.tokenizing import TokenReader
from textwire.support_qa.dialogue_acts import ActReader, Reading

LoadClassifier = Callable[[Artifact], Classifier]


class ActModel:
    """Reads with one model; another takes its place between two batches."""

    def __init__(self, artifact: Artifact, load_classifier: LoadClassifier) -> None:
        """Load the model.

        Raises: ArtifactError: it cannot be used, or tells something else.
        """
        self._load_classifier = load_classifier
        self._reader = self._load(artifact)

    def use(self, artifact: Artifact) -> None:
        """Go over to another model, loaded beside the one in use.

        Raises: ArtifactError: it cannot be used; the old one stays.
        """
        self._reader = self._load(artifact)

    def read(self, messages: Sequence[str]) -> list[Reading]:
        """What each message does."""
        return self._reader.read(messages)

    def _load(self, artifact: Artifact) -> ActReader:
        tokens = TokenReader(artifact.file("tokenizer.json"), artifact.manifest.max_tokens)
        return ActReader(self._load_classifier(artifact), tokens)
