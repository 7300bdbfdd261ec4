"""From an artifact to a model that is warm: encoder and ranker."""

from __future__ import annotations

from services.recommendations.catalogue import Model
from textwire.errors import ArtifactError
from textwire.models.artifact import Artifact
from textwire.models.manifest import Manifest
from textwire.models.serving import load_encoder
from textwire.recommendations.item_model import load_item_model
from textwire.recommendations.profiles import HALF_LIFE_DAYS
from textwire.recommendations.ranker import load_ranker
from textwire.settings import ModelSettings


def load_model(artifact: Artifact, settings: ModelSettings) -> Model:
    """Encoder and ranker of one artifact, warm.

    Raises: ArtifactError: it lacks one, or was made for other features.
    """
    return Model(
        encoder=load_encoder(artifact, settings),
        ranker=load_ranker(artifact),
        version=artifact.manifest.version,
        half_life_days=_half_life_days(artifact.manifest),
        item_model=load_item_model(artifact),
    )


def _half_life_days(manifest: Manifest) -> float:
    trained_with = manifest.settings.get("half_life_days")
    if trained_with is None:
        return HALF_LIFE_DAYS
    if isinstance(trained_with, bool | str) or not trained_with > 0:
        raise ArtifactError(
            f"The model {manifest.version} was trained with a half-life of {trained_with!r} days, "
            "which is none. Make it anew with `pipelines recommendations run --force`."
        )
    return float(trained_with)
