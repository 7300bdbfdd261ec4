"""All that decides what a pipeline makes: data, base model, settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from pipelines.base_model import PACKAGED, BaseModel, find_base
from pipelines.fingerprint import fingerprint
from pipelines.methods import Method
from textwire.errors import DataError
from textwire.models.artifact import hash_file

D_co = TypeVar("D_co", covariant=True)


class Source(Protocol[D_co]):
    """Where data come from."""

    @property
    def files(self) -> list[Path]:
        """What is read."""
        ...

    def read(self) -> D_co:
        """All of it, checked.

        Raises: DataError, DataFileError: files or rows are wrong.
        """
        ...


@dataclass(frozen=True)
class Settings:
    """What every pipeline can be told; each adds its own, which are numbers, texts or switches."""

    base: str = PACKAGED
    method: Method = "full"
    epochs: int = 3
    max_tokens: int = 256  # what the model reads when it serves
    seed: int = 0


S = TypeVar("S", bound=Settings)
D = TypeVar("D")


@dataclass(frozen=True)
class TrainingSpec(Generic[D, S]):
    """All that decides what comes out."""

    task: str
    source: Source[D]
    base: BaseModel
    settings: S
    data: dict[str, str]  # name -> sha256
    fingerprint: str


def read_recipe(
    task: str, source: Source[D], settings: S, mapping: Sequence[str] = ()
) -> TrainingSpec[D, S]:
    """Hash what would be read; nothing is learned yet.

    Args:   mapping: `field=column`, which decides with the files what is read.
    Raises: DataError: a file or the base model is not there.
    """
    base = find_base(settings.base)
    try:
        data = {file.name: hash_file(file) for file in source.files}
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read: {error.strerror}.") from error
    read = data | {"columns": ",".join(mapping)} if mapping else data
    made_from = fingerprint(read, base.weights_hash(), asdict(settings))
    return TrainingSpec(task, source, base, settings, data, made_from)
