"""From an artifact to an encoder that is warm."""

from __future__ import annotations

from textwire.errors import SettingsError
from textwire.models.artifact import Artifact
from textwire.models.encoder import Encoder
from textwire.settings import ModelSettings

# A few lengths: the first run of each allocates what later ones reuse.
WARM_UP_WORDS = (1, 16, 64, 250)


def load_encoder(artifact: Artifact, settings: ModelSettings) -> Encoder:
    """The engine of the settings over an artifact, warmed up.

    Raises: ArtifactMissing, ArtifactCorrupt: the artifact does not serve this engine.
            SettingsError: the engine's packages are not installed.
    """
    encoder = (
        _load_torch(artifact) if settings.engine == "torch" else _load_onnx(artifact, settings)
    )
    for words in WARM_UP_WORDS:
        encoder.encode(["warm " * words])
    return encoder


def _load_onnx(artifact: Artifact, settings: ModelSettings) -> Encoder:
    from textwire.models.onnx import OnnxEncoder

    return OnnxEncoder(artifact, settings.precision, settings.threads)


def _load_torch(artifact: Artifact) -> Encoder:
    try:
        from textwire.models.torch import TorchEncoder
    except ImportError as error:
        raise SettingsError(
            f"models.engine is torch, but {error.name} is not installed. "
            "Install textwire[gpu], or set models.engine to onnx."
        ) from error
    return TorchEncoder(artifact)
