"""A model that is judged and not registered, in the engines that serve."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipelines.export import export_onnx
from pipelines.quantising import quantise
from pipelines.text_model import TextModel
from textwire.models.artifact import Artifact, hash_files
from textwire.models.encoder import Encoder
from textwire.models.manifest import Manifest
from textwire.models.onnx import OnnxEncoder


def export_engines(model: TextModel, folder: Path, max_tokens: int) -> dict[str, Encoder]:
    """Encoders by precision, over the graphs that are written to a folder."""
    export_onnx(model, folder / "model.onnx")
    quantise(folder / "model.onnx", folder / "model.int8.onnx")
    artifact = Artifact(folder, unregistered(model, folder, max_tokens))
    return {
        "fp32": OnnxEncoder(artifact, "fp32", threads=2),
        "int8": OnnxEncoder(artifact, "int8", threads=2),
    }


def unregistered(model: TextModel, folder: Path, max_tokens: int) -> Manifest:
    """What engines need to know of files that nobody registers."""
    return Manifest(
        task="evaluation",
        version="unregistered",
        fingerprint="",
        created_at=datetime.now(UTC),
        textwire_version="",
        base=model.name,
        method="",
        data={},
        settings={},
        dimension=model.dimension,
        max_tokens=max_tokens,
        files=hash_files(folder),
    )
