"""From an artifact to an engine that is warm."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from textwire.errors import SettingsError
from textwire.models.artifact import Artifact
from textwire.models.classifier import Classifier
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


def load_classifier(artifact: Artifact, settings: ModelSettings) -> Classifier:
    """The same for a classifier.

    Raises: as `load_encoder`.
    """
    classifier = (
        _load_torch_classifier(artifact)
        if settings.engine == "torch"
        else _load_onnx_classifier(artifact, settings)
    )
    for words in WARM_UP_WORDS:
        classifier.classify(["warm " * words])
    return classifier


def _load_onnx(artifact: Artifact, settings: ModelSettings) -> Encoder:
    from textwire.models.onnx import OnnxEncoder

    return OnnxEncoder(artifact, settings.precision, settings.threads)


def _load_onnx_classifier(artifact: Artifact, settings: ModelSettings) -> Classifier:
    from textwire.models.onnx_classifier import OnnxClassifier

    return OnnxClassifier(artifact, settings.precision, settings.threads)


def _load_torch(artifact: Artifact) -> Encoder:
    with _torch_wanted():
        from textwire.models.torch import TorchEncoder
    return TorchEncoder(artifact)


def _load_torch_classifier(artifact: Artifact) -> Classifier:
    with _torch_wanted():
        from textwire.models.torch_classifier import TorchClassifier
    return TorchClassifier(artifact)


@contextmanager
def _torch_wanted() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise SettingsError(
            f"models.engine is torch, but {error.name} is not installed. "
            "Install textwire[gpu], or set models.engine to onnx."
        ) from error
