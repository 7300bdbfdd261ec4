"""From an artifact to a model that is warm: encoder and ranker."""

from __future__ import annotations

from services.recommendations.catalogue import Model
from textwire.models.artifacts.artifact import Artifact
from textwire.models.engines.serving import load_encoder
from textwire.models.engines.tokenizing import whole_words
from textwire.recommendations.profiles.half_lives import half_lives_of
from textwire.recommendations.ranking.following import load_following
from textwire.recommendations.ranking.ranker import load_ranker
from textwire.settings import ModelSettings


def load_model(artifact: Artifact, settings: ModelSettings) -> Model:
    """Encoder and ranker of one artifact, warm.

    Raises: ArtifactError: it lacks one, or was made for other features.
    """
    return Model(
        encoder=load_encoder(artifact, settings),
        ranker=load_ranker(artifact),
        version=artifact.manifest.version,
        half_lives=half_lives_of(artifact.manifest),
        item_model=load_following(artifact),
        known_words=whole_words(artifact.file("tokenizer.json")),
    )
