"""A model as a folder: `manifest.json` and the files that it names, none of which can run code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.manifest import Manifest

MANIFEST_FILE = "manifest.json"
# Formats that only hold data; a pickle would run whatever its maker put into it. `.md` is the card.
DATA_FORMATS = frozenset({".onnx", ".safetensors", ".json", ".md"})
MAKE_ANEW = "Make it anew with its pipeline, or with `pipelines run --all --force`."


@dataclass(frozen=True)
class Artifact:
    """A folder whose files are those that its manifest names."""

    path: Path
    manifest: Manifest

    def file(self, name: str) -> Path:
        """One of its files.

        Raises: ArtifactMissing: the manifest names no such file.
        """
        if name not in self.manifest.files:
            raise ArtifactMissing(f"The artifact {self.path} holds no {name}. {MAKE_ANEW}")
        return self.path / name


def open_artifact(path: Path) -> Artifact:
    """The artifact in a folder, with every file checked against its sha256.

    Raises: ArtifactMissing: there is no manifest, or a file that it names is not there.
            ArtifactCorrupt: a file differs, or is of a format that could run code.
    """
    manifest = read_manifest(path)
    for name, expected in manifest.files.items():
        _check_file(path, name, expected)
    return Artifact(path, manifest)


def read_manifest(path: Path) -> Manifest:
    """What the artifact in a folder says of itself.

    Raises: ArtifactMissing, ArtifactCorrupt.
    """
    try:
        return decode_manifest((path / MANIFEST_FILE).read_bytes(), str(path))
    except FileNotFoundError:
        raise ArtifactMissing(f"No model artifact stands in {path}. {MAKE_ANEW}") from None


def decode_manifest(content: bytes, place: str) -> Manifest:
    """A manifest from its JSON.

    Raises: ArtifactCorrupt: it is none; the message names the place.
    """
    try:
        return msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise ArtifactCorrupt(
            f"The manifest of the artifact {place} cannot be read: {error}. {MAKE_ANEW}"
        ) from error


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """The sha256 of each file of a folder but its manifest, by name."""
    files = sorted(file for file in folder.iterdir() if file.name != MANIFEST_FILE)
    return {file.name: hash_file(file) for file in files}


def _check_file(folder: Path, name: str, expected: str) -> None:
    path = folder / name
    if Path(name).name != name or path.suffix not in DATA_FORMATS:
        raise ArtifactCorrupt(
            f"The artifact {folder} names {name!r}: only plain {', '.join(sorted(DATA_FORMATS))} "
            f"files are loaded, since others could run code. {MAKE_ANEW}"
        )
    if not path.is_file():
        raise ArtifactMissing(f"The artifact {folder} lacks its file {name}. {MAKE_ANEW}")
    if hash_file(path) != expected:
        raise ArtifactCorrupt(f"{path} is not the file that its manifest describes. {MAKE_ANEW}")
