"""The whole run: nothing when it was done before, else an artifact, registered."""

from __future__ import annotations

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from pipelines.base_model import BaseModel, find_base
from pipelines.fingerprint import fingerprint
from pipelines.progress import Progress
from pipelines.support_qa.data import SupportData
from pipelines.support_qa.settings import TASK, SupportQaSettings
from textwire.errors import ArtifactError, DataError
from textwire.models.artifact import hash_file
from textwire.models.registry import Registry


class Source(Protocol):
    """Where data come from."""

    @property
    def files(self) -> list[Path]:
        """What is read."""
        ...

    def read(self) -> SupportData:
        """All of it, checked."""
        ...


@dataclass(frozen=True)
class Recipe:
    """All that decides what comes out."""

    source: Source
    base: BaseModel
    settings: SupportQaSettings
    data: dict[str, str]  # name -> sha256
    fingerprint: str


def read_recipe(source: Source, settings: SupportQaSettings) -> Recipe:
    """Hash what would be read; nothing is learned yet.

    Raises: DataError: a file or the base model is not there.
    """
    base = find_base(settings.base)
    try:
        data = {file.name: hash_file(file) for file in source.files}
    except OSError as error:
        raise DataError(f"{error.filename} cannot be read: {error.strerror}.") from error
    made_from = fingerprint(data, base.weights_hash(), asdict(settings))
    return Recipe(source, base, settings, data, made_from)


def find_made(recipe: Recipe, registry: Registry, progress: Progress) -> str | None:
    """The version that this recipe made before, if its files are still what they were."""
    version = registry.find(TASK, recipe.fingerprint)
    if version is None:
        return None
    try:
        registry.open(TASK, version)
    except ArtifactError as error:
        progress.say(f"{error}\nIt is made anew.")
        return None
    return version


def make_and_register(
    recipe: Recipe, registry: Registry, work_dir: Path, progress: Progress
) -> str:
    """Train, export, check and register; the version.

    Nothing is left in `work_dir`, however it ends.

    Raises: DataError: the data cannot be used.
            ArtifactError: the int8 graph strays too far from the model.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with progress.stage("Loading torch"):
        from pipelines.support_qa.make import make_artifact
    work_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="pipeline-", dir=work_dir) as folder:
        manifest = make_artifact(recipe, Path(folder), progress)
        with progress.stage("Registering"):
            return registry.register(Path(folder), manifest)
