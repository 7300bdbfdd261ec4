"""The reranker as it is, fitted anew to the retriever that serves and to some questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import with_card
from pipelines.reranker.calibrate import calibrate, read_held_out
from pipelines.reranker.card import write_card
from pipelines.reranker.data import RerankerData
from pipelines.reranker.retriever import open_retriever
from pipelines.reranker.settings import RerankerSettings
from pipelines.running.fingerprint import derived_version_name
from pipelines.support_qa.recalibrate import copy_without_manifest
from textwire import __version__
from textwire.models.artifacts.artifact import Artifact
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx_classifier import OnnxClassifier
from textwire.support_qa.reranking import Reranker


def recalibrated(
    champion: Artifact,
    data: RerankerData,
    settings: RerankerSettings,
    folder: Path,
    read: Mapping[str, str] | None = None,
) -> Manifest:
    """A copy of a reranker in `folder`, with weight, confidence and threshold for a retriever.

    Nothing of the model changes, so it takes as long as reading held-out questions beside what is
    found for them.

    Args:   settings: `retriever`, `read`, `max_risk` and `seed` count; the rest is the champion's.
            read: the hashes of the files that the data were read from, by their names.
    Raises: DataError: there is no such retriever; all questions were answered rightly, or none.
            ArtifactError: the retriever cannot be used.
    """
    copy_without_manifest(champion, folder)
    retriever = open_retriever(settings.retriever, data.support)
    reranker = Reranker(OnnxClassifier(champion, "int8", threads=2), weight=0.0)
    readings = read_held_out(retriever, reranker, data.support, settings.read, settings.seed)
    fitted = calibrate(retriever, readings, settings.max_risk)
    chosen = {
        "retriever": settings.retriever,
        "read": settings.read,
        "max_risk": settings.max_risk,
    }
    made_at, before = datetime.now(UTC), champion.manifest
    manifest = msgspec.structs.replace(
        before,
        version=derived_version_name(made_at, before.version, [chosen, dict(read or {})]),
        created_at=made_at,
        textwire_version=__version__,
        settings=before.settings | chosen,
        data=before.data | dict(read or {}),
        metrics=before.metrics | fitted.metrics,
        ranking={"relevance": fitted.weight},
        calibration=fitted.calibration,
        thresholds={"answer": fitted.threshold},
    )
    return with_card(manifest, write_card(manifest, data), folder)
