"""The champion as it is, with weights, confidence and threshold chosen anew on some questions."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from pipelines.artifacts.drafting import with_card
from pipelines.running.fingerprint import derived_version_name
from pipelines.support_qa.calibrate import calibrate
from pipelines.support_qa.card import write_card
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.evaluate import measure_retrieval, served_index
from pipelines.support_qa.settings import SupportQaTrainingSettings
from textwire import __version__
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact
from textwire.models.artifacts.manifest import Manifest


def recalibrated(
    champion: Artifact,
    data: SupportData,
    settings: SupportQaTrainingSettings,
    folder: Path,
    read: Mapping[str, str] | None = None,
) -> Manifest:
    """A copy of a champion in `folder`, fitted to the questions of one knowledge base.

    Nothing of the encoder changes, so it takes as long as reading the texts once.

    Args:   read: the hashes of the files that the data were read from, by their names.
    Raises: DataError: all questions were answered rightly, or none.
    """
    copy_without_manifest(champion, folder)
    index = served_index(champion, data)
    chosen = calibrate(index, data, settings.max_risk, settings.seed)
    retrieval = measure_retrieval(index.weighing(chosen.ranking), data.held_out)
    made_at, before = datetime.now(UTC), champion.manifest
    fitted_to = {"calibrated": dict(read or {}), "max_risk": settings.max_risk}
    manifest = msgspec.structs.replace(
        before,
        version=derived_version_name(made_at, before.version, fitted_to),
        created_at=made_at,
        textwire_version=__version__,
        settings=before.settings | {"max_risk": settings.max_risk},
        data=before.data | dict(read or {}),
        metrics=before.metrics | retrieval | chosen.metrics,
        ranking=msgspec.structs.asdict(chosen.ranking),
        calibration=chosen.calibration,
        thresholds={"answer": chosen.threshold},
    )
    return with_card(manifest, write_card(manifest, data), folder)


def copy_without_manifest(champion: Artifact, folder: Path) -> None:
    """A version's files in `folder`, for another version that is made of it."""
    shutil.copytree(champion.path, folder, dirs_exist_ok=True)
    (folder / MANIFEST_FILE).unlink()
