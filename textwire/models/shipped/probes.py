"""A few texts, and what a model said to them when it was shipped, to check it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from textwire.errors import ArtifactCorrupt
from textwire.models.artifacts.artifact import MAKE_ANEW
from textwire.models.engines.encoder import Vectors
from textwire.models.engines.tokenizing import TokenReader

PROBES_FILE = "probes.safetensors"
# Of several lengths and subjects: each layer has something to say to each.
TEXTS = (
    "How do I freeze my card?",
    "and what does that cost abroad",
    "Northmere cuts its outlook as a strike shuts two refineries",
    "Rival gains: Solvanta wins the order that Dunmarsh lost, shares up 4.2 %",
    "A light rain jacket for walks in the hills, packs into its own pocket.",
    "kitchen knife, 20 cm, full tang",
    "hello",
    "The parcel was said to be delivered on Tuesday but nothing came, and when I called the "
    "hotline I was told to wait for three working days, which I did. What happens next?",
)
# Weights travel in half precision, which moves what comes out by a part in a thousand or less.
FP32_TOLERANCE = 0.01
# What eight bits cost MiniLM on these texts; a graph that was quantised otherwise costs more.
INT8_TOLERANCE = 0.25

Outputs = dict[str, Vectors]
"""By the name of the graph's output: (texts, width) float32, or (tokens of all texts, width)."""


def answers(graph: Path, tokenizer: Path, max_tokens: int) -> Outputs:
    """What a graph gives for the probes, each text alone."""
    reader = TokenReader(tokenizer, max_tokens)
    session = onnxruntime.InferenceSession(str(graph), providers=["CPUExecutionProvider"])
    takes = {given.name for given in session.get_inputs()}
    names = [output.name for output in session.get_outputs()]
    rows: list[Sequence[Vectors]] = []
    for row in reader.read(TEXTS):
        ids, mask = reader.pad([row])
        feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        given = session.run(names, {name: feeds[name] for name in takes})
        rows.append([found.reshape(-1, found.shape[-1]) for found in given])
    return {
        name: np.concatenate(found)
        for name, found in zip(names, zip(*rows, strict=True), strict=True)
    }


def save_probes(said: Outputs, file: Path) -> None:
    """Write what was said."""
    save_file(said, file)


def load_probes(file: Path) -> Outputs:
    """What was said when the model was shipped.

    Raises: ArtifactCorrupt: the file is none.
    """
    try:
        return load_file(file)
    except (SafetensorError, OSError) as error:
        raise ArtifactCorrupt(f"{file} holds no probes: {error!r}. {MAKE_ANEW}") from error


def require_agreement(said: Mapping[str, Vectors], now: Outputs, tolerance: float, of: str) -> None:
    """Pass, or refuse what strays further, as a part of the greatest value.

    Args: said, now: (n, width) float32, by the name of the output.

    Raises: ArtifactCorrupt.
    """
    if said.keys() != now.keys():
        raise ArtifactCorrupt(f"{of} gives {', '.join(now)}, not {', '.join(said)}. {MAKE_ANEW}")
    for name, before in said.items():
        strays = float(np.abs(now[name] - before).max() / np.abs(before).max())
        if not strays <= tolerance:
            raise ArtifactCorrupt(
                f"{of} says something else than the model that was shipped: {name} differs by "
                f"{strays:.1%} of its greatest value, and may by {tolerance:.0%}. {MAKE_ANEW}"
            )
