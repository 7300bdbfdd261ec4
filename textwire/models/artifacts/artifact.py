"""A model as a folder: `manifest.json` and the files that it names, none of which can run code."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from textwire.errors import ArtifactCorrupt, ArtifactMissing
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.names import is_plain
from textwire.undecodable import NOT_DECODABLE

MANIFEST_FILE = "manifest.json"
# Ours have 2 to 6 kB and name 8 files.
MOST_MANIFEST_BYTES = 1_000_000
MOST_FILES = 100
# Formats that only hold data; a pickle would run whatever its maker put into it. `.md` is the card,
# `.png` its plots.
DATA_FORMATS = frozenset({".onnx", ".safetensors", ".json", ".md", ".png"})
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


def open_artifact(path: Path, most_bytes: int | None = None) -> Artifact:
    """The artifact in a folder, with every file checked against its sha256.

    Args:   most_bytes: what all its files may have together.
    Raises: ArtifactMissing: there is no manifest, or a file that it names is not there.
            ArtifactCorrupt: a file differs, or is of a format that could run code; or it is too
            large.
    """
    manifest = read_manifest(path)
    for name in manifest.files:
        _require_file(path, name)
    if most_bytes is not None:
        _check_size(path, manifest, most_bytes)
    for name, expected in manifest.files.items():
        _check_file(path / name, expected)
    return Artifact(path, manifest)


def read_manifest(path: Path) -> Manifest:
    """What the artifact in a folder says of itself.

    Raises: ArtifactMissing, ArtifactCorrupt.
    """
    try:
        with (path / MANIFEST_FILE).open("rb") as file:
            return decode_manifest(file.read(MOST_MANIFEST_BYTES + 1), str(path))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise ArtifactMissing(f"No model artifact stands in {path}. {MAKE_ANEW}") from None


def decode_manifest(content: bytes, place: str) -> Manifest:
    """A manifest from its JSON, with names that stay in the artifact's folder.

    Raises: ArtifactCorrupt: it is none; the message names the place.
    """
    try:
        _check_length(content)
        manifest = msgspec.json.decode(content, type=Manifest)
        _check_names(manifest)
    # The decoder passes on what Python says of bytes that are no UTF-8, and of endless brackets.
    except NOT_DECODABLE as error:
        raise ArtifactCorrupt(
            f"The manifest of the artifact {place} cannot be used: {error}. {MAKE_ANEW}"
        ) from error
    return manifest


def too_large(place: str | Path, most_bytes: int) -> ArtifactCorrupt:
    """What is raised where an artifact has more bytes than it may."""
    return ArtifactCorrupt(
        f"The artifact {place} has more than {most_bytes / 1e6:,.0f} MB. "
        "If it is meant to, raise models.largest_artifact_mb."
    )


def hash_file(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_files(folder: Path) -> dict[str, str]:
    """The sha256 of each file of a folder but its manifest, by name."""
    files = sorted(file for file in folder.iterdir() if file.name != MANIFEST_FILE)
    return {file.name: hash_file(file) for file in files}


def _check_length(content: bytes) -> None:
    if len(content) > MOST_MANIFEST_BYTES:
        raise ValueError(f"it has more than {MOST_MANIFEST_BYTES:,} bytes")


def _check_names(manifest: Manifest) -> None:
    for name in (manifest.task, manifest.version):
        if not is_plain(name):
            raise ValueError(f"{name[:100]!r} cannot name a task or a version")
    if len(manifest.files) > MOST_FILES:
        raise ValueError(f"it names {len(manifest.files):,} files, more than {MOST_FILES}")
    for name in manifest.files:
        if not is_plain(name) or name == MANIFEST_FILE or Path(name).suffix not in DATA_FORMATS:
            raise ValueError(
                f"it names the file {name[:100]!r}, where only plain names of "
                f"{', '.join(sorted(DATA_FORMATS))} files are taken, since others could lead "
                "elsewhere or could run code"
            )


def _require_file(folder: Path, name: str) -> None:
    if not (folder / name).is_file():
        raise ArtifactMissing(f"The artifact {folder} lacks its file {name}. {MAKE_ANEW}")


def _check_size(folder: Path, manifest: Manifest, most_bytes: int) -> None:
    if sum((folder / name).stat().st_size for name in manifest.files) > most_bytes:
        raise too_large(folder, most_bytes)


def _check_file(path: Path, expected: str) -> None:
    if hash_file(path) != expected:
        raise ArtifactCorrupt(f"{path} is not the file that its manifest describes. {MAKE_ANEW}")
