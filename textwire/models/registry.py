"""Versions of models, and the aliases by which services find them.

    <root>/<task>/<version>/manifest.json, model.onnx, ...
    <root>/<task>/aliases/champion        one line: the version that is served

The root is a folder or any URL that fsspec knows (`s3://bucket/models`). A version is there once
its manifest is, and that is written last; an alias moves in one step. So a reader never sees half
of anything, also where a rename is a copy.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import fsspec
import msgspec
from fsspec.implementations.local import LocalFileSystem

from textwire.errors import ArtifactMissing, SettingsError, TextwireError, Unavailable
from textwire.file_rights import make_private, no_more_open_than, take_from_others
from textwire.models.artifact import (
    MANIFEST_FILE,
    Artifact,
    decode_manifest,
    open_artifact,
)
from textwire.models.manifest import Manifest
from textwire.settings import ModelSettings, StackSettings, load
from textwire.urls import without_secrets

CHAMPION = "champion"
ALIASES = "aliases"
DEFAULT_CACHE = Path(".textwire") / "model-cache"
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Registry:
    """Artifacts by task and version."""

    def __init__(self, root: str, cache: Path = DEFAULT_CACHE) -> None:
        """Open a registry; a folder need not exist yet.

        Args:   cache: where artifacts of a remote registry are fetched to.
        Raises: SettingsError: fsspec does not know the URL's protocol, or lacks a package for it.
        """
        try:
            self._fs, self._root = fsspec.url_to_fs(root)
        except (ValueError, ImportError) as error:
            raise SettingsError(
                f"The model registry {without_secrets(root)!r} cannot be opened: {error}. "
                "Set models.registry to a folder, or install what fsspec asks for."
            ) from error
        self.root = without_secrets(root)  # for people; a URL may carry a password
        self._cache = cache

    def register(self, folder: Path, manifest: Manifest) -> str:
        """Take a copy of a folder's files as a version; nothing of it stays when that fails.

        Raises: ArtifactCorrupt, ArtifactMissing: the files are not those of the manifest.
        """
        (folder / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        open_artifact(folder)
        final = self._at(manifest.task, manifest.version)
        aside = f"{self._at(manifest.task)}/.{manifest.version}.{uuid.uuid4().hex}"
        with self._reached(), no_more_open_than(Path(self._root)):
            try:
                self._copy_files(folder, manifest, aside)
                self._fs.mv(aside, final, recursive=True)
                self._write_whole(f"{final}/{MANIFEST_FILE}", folder / MANIFEST_FILE)
            except BaseException:
                self._remove(aside)
                raise
        return manifest.version

    def promote(self, task: str, version: str, alias: str = CHAMPION) -> None:
        """Let an alias name a version, in one step.

        Raises: ArtifactMissing: there is no such version.
        """
        if version not in self.versions(task):
            raise ArtifactMissing(f"{self.root} has no version {version} of {task}.")
        with (
            tempfile.TemporaryDirectory() as folder,
            self._reached(),
            no_more_open_than(Path(self._root)),
        ):
            line = Path(folder) / alias
            line.write_text(version + "\n", encoding="utf-8")
            self._write_whole(self._at(task, ALIASES, alias), line)

    def alias(self, task: str, alias: str = CHAMPION) -> str | None:
        """The version that an alias names, or None."""
        with self._reached():
            try:
                content: bytes = self._fs.cat_file(self._at(task, ALIASES, alias))
            except FileNotFoundError:
                return None
        return content.decode().strip() or None

    def versions(self, task: str) -> list[str]:
        """Every version of a task, oldest first."""
        with self._reached():
            self._fs.invalidate_cache()
            manifests = self._fs.glob(f"{self._at(task)}/*/{MANIFEST_FILE}")
        names = (Path(path).parent.name for path in manifests)
        return sorted(name for name in names if PLAIN_NAME.fullmatch(name))

    def find(self, task: str, fingerprint: str) -> str | None:
        """The newest version that was made from the same data, base and settings."""
        return next(
            (
                version
                for version in reversed(self.versions(task))
                if self.manifest(task, version).fingerprint == fingerprint
            ),
            None,
        )

    def manifest(self, task: str, version: str) -> Manifest:
        """What a version says of itself.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        place = self._at(task, version)
        with self._reached():
            try:
                content: bytes = self._fs.cat_file(f"{place}/{MANIFEST_FILE}")
            except FileNotFoundError:
                raise ArtifactMissing(
                    f"{self.root} has no version {version} of {task}. "
                    f"`pipelines {task} run` makes one."
                ) from None
        return decode_manifest(content, place)

    def open(self, task: str, version: str) -> Artifact:
        """A version as a local folder, checked; a remote one is fetched the first time.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        manifest = self.manifest(task, version)
        if isinstance(self._fs, LocalFileSystem):
            return open_artifact(Path(self._at(task, version)))
        fetched = self._cache / task / version
        if not fetched.exists():
            self._fetch(manifest, fetched)
        return open_artifact(fetched)

    def champion(self, task: str) -> Artifact:
        """The version that is to be served.

        Raises: ArtifactMissing: none was promoted yet.
        """
        version = self.alias(task, CHAMPION)
        if version is None:
            raise ArtifactMissing(
                f"{self.root} has no champion for {task} yet. `pipelines {task} run` makes one."
            )
        return self.open(task, version)

    def _at(self, *names: str) -> str:
        for name in names:
            if not PLAIN_NAME.fullmatch(name):
                raise SettingsError(
                    f"{name!r} cannot name a task, version or alias: "
                    "use letters, digits, '.', '_' and '-'."
                )
        return "/".join((self._root.rstrip("/"), *names))

    def _copy_files(self, folder: Path, manifest: Manifest, target: str) -> None:
        self._fs.makedirs(target, exist_ok=True)
        for name in manifest.files:
            self._fs.put_file(str(folder / name), f"{target}/{name}")

    def _write_whole(self, path: str, content: Path) -> None:
        """Write a small file beside its place, then move it there."""
        beside = f"{path}.{uuid.uuid4().hex}.part"
        self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        self._fs.put_file(str(content), beside)
        self._fs.mv(beside, path)

    def _remove(self, path: str) -> None:
        if self._fs.exists(path):
            self._fs.rm(path, recursive=True)

    def _fetch(self, manifest: Manifest, fetched: Path) -> None:
        make_private(fetched.parent)
        aside = Path(tempfile.mkdtemp(prefix=f".{fetched.name}.", dir=fetched.parent))
        place = self._at(manifest.task, manifest.version)
        try:
            with self._reached():
                for name in (*manifest.files, MANIFEST_FILE):
                    self._fs.get_file(f"{place}/{name}", str(aside / name))
            take_from_others(aside)
            _move_unless_there(aside, fetched)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except TextwireError:
            raise
        except OSError as error:
            raise Unavailable(
                f"The model registry {self.root} cannot be used: {error}. "
                "Check that it is there, that there is space, and that it may be read and written."
            ) from error


def open_registry() -> Registry:
    """The registry of the settings: `models.registry`, or else `models` in the data folder."""
    data_dir = load(StackSettings).data_dir
    root = load(ModelSettings).registry or str(data_dir / "models")
    return Registry(root, cache=data_dir / "model-cache")


def _move_unless_there(aside: Path, final: Path) -> None:
    try:
        aside.rename(final)
    except OSError:
        # Another process of this machine fetched the same version meanwhile: its copy will do.
        if not final.exists():
            raise
