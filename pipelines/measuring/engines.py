"""A model that is judged and not registered, in the engines that serve."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipelines.artifacts.export import Exportable, export_graphs
from pipelines.training.text_model import TextModel
from textwire.models.artifacts.artifact import Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest
from textwire.models.engines.onnx import OnnxEncoder


def export_engines(model: TextModel, folder: Path, max_tokens: int) -> dict[str, OnnxEncoder]:
    """Encoders by precision, over the graphs that are written to a folder."""
    artifact = export_unregistered(model, model.name, folder, max_tokens, states=model.gives_states)
    return {
        "fp32": OnnxEncoder(artifact, "fp32", threads=2),
        "int8": OnnxEncoder(artifact, "int8", threads=2),
    }


def export_unregistered(
    model: Exportable,
    base: str,
    folder: Path,
    max_tokens: int,
    labels: tuple[str, ...] = (),
    *,
    states: bool = False,
) -> Artifact:
    """Both graphs in a folder, with what engines need to know of them.

    Args: base: the base model's name. labels: of a classifier, in the order of its logits.
          states: whether its graphs give the state of each token too.
    """
    export_graphs(model, folder)
    manifest = Manifest(
        task="evaluation",
        version="unregistered",
        fingerprint="",
        created_at=datetime.now(UTC),
        textwire_version="",
        base=base,
        method="",
        data={},
        settings={},
        dimension=model.dimension,
        max_tokens=max_tokens,
        labels=labels,
        states=states,
        files=hash_files(folder),
    )
    return Artifact(folder, manifest)
