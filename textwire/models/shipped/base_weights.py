"""The weights of a base model, read without torch."""

from __future__ import annotations

import numpy as np
from safetensors import SafetensorError, safe_open

from textwire.errors import ArtifactCorrupt
from textwire.models.base_model import WEIGHTS, BaseModel
from textwire.models.engines.encoder import Vectors


def load_base(base: BaseModel) -> dict[str, Vectors]:
    """Every weight by the name that the transformer gives it, (out, in) or (n,) float32.

    Raises: ArtifactCorrupt: the file cannot be read.
    """
    file = base.folder / WEIGHTS
    try:
        with safe_open(file, "np") as opened:
            arrays = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, TypeError) as error:
        raise ArtifactCorrupt(f"The base model's {file} cannot be read: {error!r}.") from error
    # A checkpoint of a model with a head bears its transformer's name before each: `bert.`.
    return {
        _own_name(name): array.astype(np.float32)
        for name, array in arrays.items()
        if np.issubdtype(array.dtype, np.floating)
    }


def _own_name(name: str) -> str:
    first, _, rest = name.partition(".")
    return rest if first in {"bert", "roberta", "distilbert", "mpnet", "electra"} else name
