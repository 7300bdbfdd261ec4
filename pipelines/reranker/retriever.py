"""The retriever whose candidates are read: a reranker is made for one, and serves beside it."""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import served_index
from pipelines.support_qa.settings import TASK as RETRIEVER_TASK
from textwire.errors import DataError
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Calibration
from textwire.models.artifacts.registry import open_registry
from textwire.models.shipped.champions import shipped_champion
from textwire.support_qa.passage_index import PassageIndex


@dataclass(frozen=True)
class Retriever:
    """A retriever as it serves, over some passages, and how sure it is of its own ranking."""

    index: PassageIndex
    calibration: Calibration
    threshold: float
    artifact: Artifact


def champion_version() -> str:
    """The version of the retriever that serves, or travels with the code; empty: there is none."""
    here = open_registry().alias(RETRIEVER_TASK)
    if here:
        return here
    shipped = shipped_champion(RETRIEVER_TASK)
    return shipped.manifest.version if shipped else ""


def open_retriever(version: str, data: SupportData) -> Retriever:
    """A retriever of the registry over the passages of the data.

    Raises: DataError: there is none. ArtifactError: it cannot be used.
    """
    if not version:
        raise DataError(
            "A reranker reads what a retriever found, and there is none: run "
            "`pipelines support-qa run` first."
        )
    artifact = open_registry().open(RETRIEVER_TASK, version)
    manifest = artifact.manifest
    if manifest.calibration is None:
        raise DataError(
            f"The retriever {version} has no calibration: run `pipelines support-qa run`."
        )
    return Retriever(
        served_index(artifact, data),
        manifest.calibration,
        manifest.thresholds["answer"],
        artifact,
    )
