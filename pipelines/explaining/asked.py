"""What somebody wants explained, and whether a model can explain it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from textwire.errors import SettingsError
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.entity_spans import kinds_of, tags_of
from textwire.support_qa.reranking import LABELS as OF_RERANKERS


@dataclass(frozen=True)
class Asked:
    """A text, and what chooses what is explained of it.

    class_name  of a classifier a class, of a recogniser a kind of entities.
    beside      the text that it is read beside, or compared with.
    words       of the text, of which an entity is made.
    """

    text: str
    class_name: str | None = None
    beside: str | None = None
    words: str | None = None


class Kind(Enum):
    """What a model tells."""

    CLASSIFIER = "tells classes of a text"
    IN_CONTEXT = "tells classes of a message, in the context of what stands beside it"
    RERANKER = "tells how likely a passage answers a question"
    RECOGNISER = "finds entities in a text"
    ENCODER = "turns texts into vectors, and tells nothing of one alone"


TAKEN = {
    Kind.CLASSIFIER: {"--class"},
    Kind.IN_CONTEXT: {"--class", "--beside"},
    Kind.RERANKER: {"--beside"},
    Kind.RECOGNISER: {"--class", "--words"},
    Kind.ENCODER: {"--beside"},
}
LACKS_BESIDE = {
    Kind.RERANKER: "TEXT is the question; give the passage by --beside.",
    Kind.ENCODER: "Give a second text by --beside, to see which words bring both near each other.",
}
OF_LISTS = " Why an item stands where it does in a list, `textwire recs ask USER` says."


def kind_of(manifest: Manifest) -> Kind:
    """By what its manifest says."""
    if set(manifest.labels) == set(OF_RERANKERS):
        return Kind.RERANKER
    if (kinds := kinds_of(manifest.labels)) and manifest.labels == tags_of(kinds):
        return Kind.RECOGNISER
    if not (manifest.labels or manifest.topics):
        return Kind.ENCODER
    return Kind.IN_CONTEXT if manifest.pooled_until else Kind.CLASSIFIER


def require_sense(asked: Asked, manifest: Manifest) -> None:
    """Pass what a model can explain.

    Raises: SettingsError: a text is empty or lacks, or something is chosen that there is not.
    """
    kind = kind_of(manifest)
    given = {"--class": asked.class_name, "--beside": asked.beside, "--words": asked.words}
    for option, value in given.items():
        if value is not None and option not in TAKEN[kind]:
            raise SettingsError(f"{manifest.task} {kind.value}: it takes no {option}.")
    if asked.beside is None and kind in LACKS_BESIDE:
        more = OF_LISTS if manifest.features else ""
        raise SettingsError(f"{manifest.task} {kind.value}. {LACKS_BESIDE[kind]}{more}")
    if not asked.text.strip():
        raise SettingsError("The text is empty: there are no words to explain it by.")
    if asked.beside is not None and not asked.beside.strip():
        raise SettingsError("The text beside it is empty. Give its words by --beside.")
    classes = classes_of(manifest)
    if asked.class_name is not None and asked.class_name not in classes:
        raise SettingsError(
            f"There is no class {asked.class_name!r}. There are: {', '.join(classes)}."
        )


def classes_of(manifest: Manifest) -> tuple[str, ...]:
    """What `--class` chooses from."""
    if kind_of(manifest) is Kind.RECOGNISER:
        return kinds_of(manifest.labels)
    return (*manifest.labels, *manifest.topics)
