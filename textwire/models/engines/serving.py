"""From an artifact to an engine that is warm, and gives what the manifest says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from textwire.errors import ArtifactCorrupt, SettingsError, TextwireError
from textwire.models.artifacts.artifact import MAKE_ANEW, Artifact
from textwire.models.engines.classifier import Classified, Classifier
from textwire.models.engines.encoder import Encoder, Vectors
from textwire.settings import ModelSettings

# A few lengths: the first run of each allocates what later ones reuse. A text may also be empty, or
# longer than the model reads.
WARM_UP_WORDS = (0, 1, 16, 64)
# int8 and bf16 leave the norm to the last step, in fp32: what is off by more was never normalised.
UNIT_WITHIN = 0.01


def load_encoder(artifact: Artifact, settings: ModelSettings) -> Encoder:
    """The engine of the settings over an artifact, warmed up.

    Raises: ArtifactMissing, ArtifactCorrupt: the artifact does not serve this engine, or its
            vectors are not what the manifest says.
            SettingsError: the engine's packages are not installed.
    """
    with _running(artifact):
        encoder = (
            _load_torch(artifact) if settings.engine == "torch" else _load_onnx(artifact, settings)
        )
        for texts in _warm_up_batches(artifact):
            check_vectors(encoder.encode(texts), len(texts), artifact)
    return encoder


def load_classifier(artifact: Artifact, settings: ModelSettings) -> Classifier:
    """The same for a classifier.

    Raises: as `load_encoder`.
    """
    with _running(artifact):
        classifier = (
            _load_torch_classifier(artifact)
            if settings.engine == "torch"
            else _load_onnx_classifier(artifact, settings)
        )
        for texts in _warm_up_batches(artifact):
            check_probabilities(classifier.classify(texts), len(texts), artifact)
    return classifier


def check_vectors(vectors: Vectors, texts: int, artifact: Artifact) -> None:
    """That an encoder gives what its manifest says.

    Args:   vectors: what it gave for so many texts, (texts, dimension) where all is well.
    Raises: ArtifactCorrupt: vectors are of another width, not finite, or not of unit length.
    """
    _check_shape("vectors", vectors, (texts, artifact.manifest.dimension), artifact)
    lengths = np.linalg.norm(vectors, axis=1)
    if np.abs(lengths - 1.0).max() > UNIT_WITHIN:
        raise _unfit(
            artifact, f"gives vectors of length {lengths.min():.3g} to {lengths.max():.3g}, not 1"
        )


def check_probabilities(given: Classified, texts: int, artifact: Artifact) -> None:
    """That a classifier gives what its manifest says.

    Raises: ArtifactCorrupt: probabilities are of other labels or topics, or are none.
    """
    manifest = artifact.manifest
    _check_shape("labels", given.labels, (texts, len(manifest.labels)), artifact)
    _check_shape("topics", given.topics, (texts, len(manifest.topics)), artifact)
    sums = given.labels.sum(axis=1)
    if manifest.labels and np.abs(sums - 1.0).max() > UNIT_WITHIN:
        raise _unfit(
            artifact, f"gives probabilities that sum to {sums.min():.3g} to {sums.max():.3g}, not 1"
        )


def _check_shape(what: str, given: Vectors, expected: tuple[int, int], artifact: Artifact) -> None:
    if given.shape != expected:
        raise _unfit(artifact, f"gives {what} of shape {given.shape} instead of {expected}")
    if not np.isfinite(given).all():
        raise _unfit(artifact, f"gives {what} that are not numbers")


def _warm_up_batches(artifact: Artifact) -> Iterator[list[str]]:
    texts = ["warm " * words for words in (*WARM_UP_WORDS, artifact.manifest.max_tokens)]
    for text in texts:
        yield [text]
    yield texts


@contextmanager
def _running(artifact: Artifact) -> Iterator[None]:
    """What an engine raises over a foreign model becomes an error for people."""
    try:
        yield
    except TextwireError:
        raise
    except Exception as error:  # neither engine's errors have a narrower root
        raise _unfit(artifact, f"cannot be run ({type(error).__name__}: {error})") from error


def _unfit(artifact: Artifact, why: str) -> ArtifactCorrupt:
    return ArtifactCorrupt(f"The model in {artifact.path} {why}. {MAKE_ANEW}")


def _load_onnx(artifact: Artifact, settings: ModelSettings) -> Encoder:
    from textwire.models.engines.onnx import OnnxEncoder

    return OnnxEncoder(artifact, settings.precision, settings.threads)


def _load_onnx_classifier(artifact: Artifact, settings: ModelSettings) -> Classifier:
    from textwire.models.engines.onnx_classifier import OnnxClassifier

    return OnnxClassifier(artifact, settings.precision, settings.threads)


def _load_torch(artifact: Artifact) -> Encoder:
    with _torch_wanted():
        from textwire.models.engines.torch import TorchEncoder
    return TorchEncoder(artifact)


def _load_torch_classifier(artifact: Artifact) -> Classifier:
    with _torch_wanted():
        from textwire.models.engines.torch_classifier import TorchClassifier
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
