"""Who teaches: a model that was made for the same task, or a base model that learns first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.bases.packaged import PACKAGED_BASES
from textwire.errors import DataError
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, hash_file, open_artifact
from textwire.models.base_model import WEIGHTS, BaseModel, find_base


@dataclass(frozen=True)
class Teacher:
    """A teacher's folder; `artifact` is None of a base model, which has learned nothing yet."""

    base: BaseModel
    sha256: str  # of all its weights
    artifact: Artifact | None = None

    @property
    def name(self) -> str:
        """What the card calls it: no path, since that tells nothing elsewhere."""
        if self.artifact is None:
            return self.base.name
        return f"{self.artifact.manifest.task}/{self.artifact.manifest.version}"


def find_teachers(names: Sequence[str], cache: Path) -> list[Teacher]:
    """Artifacts by their folders; base models by name or folder.

    Args:   cache: where packaged teachers are unpacked.
    Raises: DataError: one is not there.
            ArtifactError: an artifact is damaged.
    """
    return [_find(name, cache) for name in names]


def hash_weights(folder: Path) -> str:
    """The sha256 of a model's weights, with those of what stands on it."""
    digests = [hash_file(file) for file in sorted(folder.glob("*.safetensors"))]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _find(name: str, cache: Path) -> Teacher:
    place = Path(name).expanduser()
    if (place / MANIFEST_FILE).is_file():
        artifact = open_artifact(place)
        if WEIGHTS not in artifact.manifest.files:
            raise DataError(
                f"The teacher {place} holds no {WEIGHTS}: only what `pipelines` made can teach, "
                "not what travels with the code."
            )
        base = BaseModel(place.name, place, artifact.manifest.licence)
        return Teacher(base, hash_weights(place), artifact)
    packaged = PACKAGED_BASES.get(name)
    base = packaged(cache / "bases") if packaged else find_base(name)
    return Teacher(base, hash_weights(base.folder))
