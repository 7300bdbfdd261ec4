"""From an artifact that a pipeline made to the few megabytes that travel."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import numpy as np
import onnx
from safetensors.numpy import load_file

from textwire.errors import ArtifactError
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest
from textwire.models.base_model import WEIGHTS, BaseModel
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS
from textwire.models.engines.tokenizing import TokenReader
from textwire.models.shipped.adapters import ADAPTERS_FILE, Weights, load_adapters, merged
from textwire.models.shipped.assembling import SKELETON_FILE, TOKENIZER_FILE
from textwire.models.shipped.base_weights import load_base
from textwire.models.shipped.probes import PROBES_FILE, answers, save_probes
from textwire.models.shipped.skeleton import emptied

# Adapters are rounded to half precision: weights of order 0.1, sums of 16 products.
ROUNDED = 1e-3
MADE_THERE = frozenset({WEIGHTS, TOKENIZER_FILE, *GRAPHS.values()})


def ship(artifact: Artifact, base: BaseModel, folder: Path) -> Manifest:
    """Write what was learned into an empty folder, with a manifest of its own.

    Raises: ArtifactError: more was learned than adapters and what stands on top of them, or another
            tokenizer is used than the base has.
    """
    if WEIGHTS not in artifact.manifest.files:
        raise ArtifactError(
            "What the model learned stands in its graph alone, so it cannot travel as a few "
            "megabytes: train it with --method lora, adalora or head."
        )
    trained = load_file(artifact.file(WEIGHTS))
    _require_same(trained, _made_again(artifact, base))
    _require_same_tokens(artifact, base)
    for name in artifact.manifest.files.keys() - MADE_THERE:
        shutil.copyfile(artifact.file(name), folder / name)
    graph = artifact.file(GRAPHS["fp32"])
    onnx.save(emptied(onnx.load(graph), trained), folder / SKELETON_FILE)
    said = answers(graph, artifact.file(TOKENIZER_FILE), artifact.manifest.max_tokens)
    save_probes(said, folder / PROBES_FILE)
    manifest = msgspec.structs.replace(
        artifact.manifest, base_sha256=base.weights_hash(), files=hash_files(folder)
    )
    (folder / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    return manifest


def _made_again(artifact: Artifact, base: BaseModel) -> Weights:
    weights = load_base(base)
    if ADAPTERS_FILE not in artifact.manifest.files:
        return weights
    return merged(weights, load_adapters(artifact.file(ADAPTERS_FILE)))


def _require_same(trained: Weights, again: Weights) -> None:
    for name, weight in trained.items():
        if name not in again or _strays(weight, again[name]) > ROUNDED:
            raise ArtifactError(
                f"The weight {name} was learned outside of adapters, so the model cannot travel as "
                "a few megabytes: train it with --method lora, adalora or head."
            )


def _strays(weight: Vectors, again: Vectors) -> float:
    return float(np.abs(weight - again).max() / max(float(np.abs(weight).max()), 1e-9))


def _require_same_tokens(artifact: Artifact, base: BaseModel) -> None:
    texts = ["How do I freeze my card? Größe 4.2 % 漢字 🙂", "UPDATE: shares of X&Y up"]
    files = (artifact.file(TOKENIZER_FILE), base.folder / TOKENIZER_FILE)
    own, bases = (TokenReader(file, artifact.manifest.max_tokens).read(texts) for file in files)
    if own != bases:
        raise ArtifactError("The model reads tokens otherwise than its base: it cannot travel.")
