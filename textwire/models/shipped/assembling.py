"""From a shipped champion and its base to an artifact that serves: in seconds, without torch."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import onnx
from safetensors.numpy import save_file

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import Artifact, hash_files
from textwire.models.artifacts.manifest import Manifest
from textwire.models.base_model import WEIGHTS, BaseModel
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.onnx import GRAPHS
from textwire.models.engines.quantising import quantise
from textwire.models.shipped.adapters import ADAPTERS_FILE, load_adapters, merged
from textwire.models.shipped.base_weights import load_base
from textwire.models.shipped.probes import (
    FP32_TOLERANCE,
    INT8_TOLERANCE,
    PROBES_FILE,
    answers,
    load_probes,
    require_agreement,
)
from textwire.models.shipped.skeleton import filled

SKELETON_FILE = "skeleton.onnx"
TOKENIZER_FILE = "tokenizer.json"
# What only says how to make the rest. Adapters stay, so that what is made of the artifact without
# training, such as a new calibration, can travel again.
PARTS = frozenset({SKELETON_FILE, PROBES_FILE})


def assemble(shipped: Artifact, base: BaseModel, folder: Path) -> Manifest:
    """Write all files of the artifact into an empty folder, and give its manifest.

    Raises: ArtifactCorrupt: the base is not the one that the model was learned on, a file is not
            what it should be, or what was put together says something else than was shipped.
    """
    weights = merged_weights(shipped, base)
    for name in shipped.manifest.files.keys() - PARTS:
        shutil.copyfile(shipped.file(name), folder / name)
    shutil.copyfile(base.folder / TOKENIZER_FILE, folder / TOKENIZER_FILE)
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    graph = filled(onnx.load(shipped.file(SKELETON_FILE)), weights)
    onnx.save(graph, folder / GRAPHS["fp32"])
    quantise(folder / GRAPHS["fp32"], folder / GRAPHS["int8"])
    _check(shipped, folder)
    return msgspec.structs.replace(shipped.manifest, files=hash_files(folder))


def merged_weights(shipped: Artifact, base: BaseModel) -> dict[str, Vectors]:
    """The transformer's weights as they were learned, (out, in) or (n,) float32, by name.

    Raises: ArtifactCorrupt: they were learned on another base.
    """
    learned_on, found = shipped.manifest.base_sha256, base.weights_hash()
    if learned_on != found:
        raise ArtifactCorrupt(
            f"The shipped model of {shipped.manifest.task} was learned on {shipped.manifest.base} "
            f"with sha256 {learned_on[:12]}…, and {base.folder} holds {found[:12]}…: install the "
            "packages as the lock file says."
        )
    weights = load_base(base)
    if ADAPTERS_FILE in shipped.manifest.files:
        return merged(weights, load_adapters(shipped.file(ADAPTERS_FILE)))
    return weights


def _check(shipped: Artifact, folder: Path) -> None:
    said = load_probes(shipped.file(PROBES_FILE))
    tolerances = {"fp32": FP32_TOLERANCE, "int8": INT8_TOLERANCE}
    for precision, graph in GRAPHS.items():
        now = answers(folder / graph, folder / TOKENIZER_FILE, shipped.manifest.max_tokens)
        of = f"The {precision} graph of {shipped.manifest.task}"
        require_agreement(said, now, tolerances[precision], of)
