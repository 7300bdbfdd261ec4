"""What messages do, by the model of dialogue acts that stands now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.classifier import Classifier
from textwire.models.engines.tokenizing import TokenReader
from textwire.support_qa.dialogue_acts import ActReader, Reading, Said, message_in_context
from textwire.support_qa.messages import Turn

LoadClassifier = Callable[[Artifact], Classifier]


class ReadsActs(Protocol):
    """Tells what messages do."""

    def read(self, messages: Sequence[str]) -> list[Reading]:
        """A reading of each, given as `in_context` writes them."""
        ...


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


def in_context(text: str, before: Sequence[Turn]) -> str:
    """What the classifier of dialogue acts reads of a message."""
    said = [Said(turn.role == "customer", turn.text) for turn in before if not turn.refused]
    return message_in_context(text, said)


def surest_readings(
    acts: ReadsActs,
    texts: Sequence[str],
    without_slips: Sequence[str],
    before: Sequence[Sequence[Turn]],
) -> list[Reading]:
    """What each message does. One that has slips is read without them too; the surer one counts."""
    with_slips = [n for n, text in enumerate(texts) if without_slips[n] != text]
    readings = acts.read(
        [
            *(in_context(text, turns) for text, turns in zip(texts, before, strict=True)),
            *(in_context(without_slips[n], before[n]) for n in with_slips),
        ]
    )
    surest = readings[: len(texts)]
    for place, other in zip(with_slips, readings[len(texts) :], strict=True):
        surest[place] = max(surest[place], other, key=lambda reading: reading.probability)
    return surest
