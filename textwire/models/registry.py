"""Versions of models, and the aliases by which services find them.

    <root>/<task>/<version>/manifest.json, model.onnx, ...
    <root>/<task>/aliases/champion        one line: the version that is served

The root is a folder or any URL that fsspec knows (`s3://bucket/models`). A version is there once
its manifest is, and that is written last; an alias moves in one step. So a reader never sees half
of anything, also where a rename is a copy.
"""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import IO

import fsspec
import msgspec
import structlog
from fsspec.implementations.local import LocalFileSystem

from textwire.errors import (
    ArtifactCorrupt,
    ArtifactError,
    ArtifactMissing,
    SettingsError,
    TextwireError,
    Unavailable,
)
from textwire.file_rights import no_more_open_than
from textwire.models.artifact import (
    MANIFEST_FILE,
    MOST_MANIFEST_BYTES,
    Artifact,
    decode_manifest,
    open_artifact,
)
from textwire.models.fetching import ArtifactCache
from textwire.models.manifest import Manifest
from textwire.models.names import is_plain
from textwire.settings import ModelSettings, StackSettings, load
from textwire.urls import without_secrets

CHAMPION = "champion"
CHALLENGER = "challenger"
ALIASES = "aliases"
NOTES = "decisions"
LEFTOVER_AFTER = timedelta(days=1)
DEFAULT_CACHE = Path(".textwire") / "model-cache"
# A version's name has 128 characters at most; a longer line is none, however long it is.
MOST_ALIAS_BYTES = 200

log = structlog.get_logger(__name__)


class Registry:
    """Artifacts by task and version."""

    def __init__(
        self, root: str, cache: Path = DEFAULT_CACHE, most_bytes: int | None = None
    ) -> None:
        """Open a registry; a folder need not exist yet.

        Args:   cache: where artifacts of a remote registry are fetched to.
                most_bytes: what the files of one artifact may have together.
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
        self._most_bytes = most_bytes
        self._cache = ArtifactCache(cache, most_bytes)

    def register(self, folder: Path, manifest: Manifest) -> str:
        """Take a copy of a folder's files as a version; nothing of it stays when that fails.

        Raises: ArtifactCorrupt, ArtifactMissing: the files are not those of the manifest, or its
                names are none. ArtifactError: the version is there already.
        """
        content = msgspec.json.format(msgspec.json.encode(manifest))
        decode_manifest(content, str(folder))
        (folder / MANIFEST_FILE).write_bytes(content)
        open_artifact(folder, self._most_bytes)
        self._require_new(manifest)
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
        """What an alias names, or None; whether that is a version shows when it is opened."""
        content = self._beginning(self._at(task, ALIASES, alias), MOST_ALIAS_BYTES) or b""
        return content.decode(errors="replace").strip() or None

    def versions(self, task: str) -> list[str]:
        """Every version of a task, oldest first."""
        with self._reached():
            self._fs.invalidate_cache()
            manifests = self._fs.glob(f"{self._at(task)}/*/{MANIFEST_FILE}")
        names = (Path(path).parent.name for path in manifests)
        return sorted(name for name in names if is_plain(name))

    def tasks(self) -> list[str]:
        """Every task that has a version."""
        with self._reached():
            self._fs.invalidate_cache()
            manifests = self._fs.glob(f"{self._root.rstrip('/')}/*/*/{MANIFEST_FILE}")
        return sorted({name for path in manifests if is_plain(name := Path(path).parts[-3])})

    def aliases(self, task: str) -> dict[str, str]:
        """Every alias of a task, with the version that it names."""
        with self._reached():
            self._fs.invalidate_cache()
            paths = self._fs.glob(f"{self._at(task, ALIASES)}/*")
        names = sorted(name for path in paths if is_plain(name := Path(path).name))
        found = {name: self.alias(task, name) for name in names if not name.endswith(".part")}
        return {name: version for name, version in found.items() if version}

    def drop_alias(self, task: str, alias: str) -> None:
        """Let an alias name nothing; one that named nothing stays so."""
        with self._reached():
            self._remove(self._at(task, ALIASES, alias))

    def remove(self, task: str, version: str) -> None:
        """Delete a version: its manifest first, so that nobody sees half of it.

        Raises: ArtifactMissing: there is no such version. ArtifactError: an alias names it.
        """
        if version not in self.versions(task):
            raise ArtifactMissing(f"{self.root} has no version {version} of {task}.")
        named = [alias for alias, held in self.aliases(task).items() if held == version]
        if named:
            raise ArtifactError(
                f"{version} is the {' and '.join(named)} of {task}, so it stays. "
                f"Promote another one first: `pipelines models promote {task} VERSION`."
            )
        with self._reached():
            self._remove(self._at(task, version, MANIFEST_FILE))
            self._remove(self._at(task, version))

    def remove_leftovers(self, task: str, older_than: timedelta = LEFTOVER_AFTER) -> int:
        """Delete what was never finished, since its writer was killed; how many there were.

        Args: older_than: a younger one may be being written.
        """
        removed = 0
        with self._reached():
            self._fs.invalidate_cache()
            for place in [p for p in self._listed(task) if _is_leftover(p)]:
                if datetime.now(UTC) - self._modified(place) > older_than:
                    self._remove(place)
                    removed += 1
        return removed

    def note(self, task: str, name: str, content: bytes) -> None:
        """Keep a small file about a task, such as why a version was promoted."""
        with tempfile.TemporaryDirectory() as folder, self._reached(), self._private():
            (Path(folder) / name).write_bytes(content)
            self._write_whole(self._at(task, NOTES, name), Path(folder) / name)

    def notes(self, task: str) -> list[bytes]:
        """What was noted, in the order of the names."""
        with self._reached():
            self._fs.invalidate_cache()
            paths = sorted(self._fs.glob(f"{self._at(task, NOTES)}/*.json"))
        contents = (self._beginning(path, MOST_MANIFEST_BYTES) for path in paths)
        return [content for content in contents if content is not None]

    def find(self, task: str, fingerprint: str) -> str | None:
        """The newest version that was made from the same data, base and settings."""
        versions = reversed(self.versions(task))
        return next((v for v in versions if self._fingerprint(task, v) == fingerprint), None)

    def manifest(self, task: str, version: str) -> Manifest:
        """What a version says of itself.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        place = self._at(task, version)
        content = self._beginning(f"{place}/{MANIFEST_FILE}", MOST_MANIFEST_BYTES + 1)
        if content is None:
            raise ArtifactMissing(
                f"{self.root} has no version {version} of {task}. `pipelines {task} run` makes one."
            )
        manifest = decode_manifest(content, place)
        if (manifest.task, manifest.version) != (task, version):
            raise ArtifactCorrupt(
                f"The manifest in {place} is that of {manifest.task} {manifest.version}. "
                "Put it where it belongs, or register the model anew."
            )
        return manifest

    def small_file(self, task: str, version: str, name: str) -> bytes | None:
        """How a version's file begins, unchecked and not fetched; None where it has none."""
        return self._beginning(self._at(task, version, name), MOST_MANIFEST_BYTES)

    def size(self, task: str, version: str) -> int:
        """The bytes of a version's files."""
        with self._reached():
            return int(self._fs.du(self._at(task, version)))

    def open(self, task: str, version: str) -> Artifact:
        """A version as a local folder, checked; a remote one is fetched the first time.

        While a remote registry is away, the copy that was fetched before will do.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        place = self._at(task, version)
        try:
            manifest = self.manifest(task, version)
        except Unavailable as error:
            return self._kept(task, version, error)
        with self._reached():
            if isinstance(self._fs, LocalFileSystem):
                return open_artifact(Path(place), self._most_bytes)
            return self._cache.opened(manifest, partial(self._opened, place))

    def champion(self, task: str) -> Artifact:
        """The version that is to be served.

        Raises: ArtifactMissing: none was promoted yet.
        """
        version = self.alias(task, CHAMPION)
        if version is None:
            raise self.no_champion(task)
        return self.open(task, version)

    def no_champion(self, task: str) -> ArtifactMissing:
        """What is raised where none was promoted."""
        return ArtifactMissing(
            f"{self.root} has no champion for {task} yet. `pipelines {task} run` makes one."
        )

    def stamp(self, task: str, version: str) -> str:
        """Another one whenever a version's files were changed; none of them is read."""
        if not is_plain(version):
            return ""
        place = self._at(task, version)
        with self._reached():
            self._fs.invalidate_cache(place)
            try:
                files = self._fs.ls(place, detail=True)
            except FileNotFoundError:
                return ""
        listed = sorted(str(sorted(file.items())) for file in files)
        return hashlib.sha256("\n".join(listed).encode()).hexdigest()

    def _private(self) -> AbstractContextManager[None]:
        return no_more_open_than(Path(self._root))

    def _listed(self, task: str) -> list[str]:
        try:
            return [str(path) for path in self._fs.ls(self._at(task), detail=False)]
        except FileNotFoundError:
            return []

    def _modified(self, place: str) -> datetime:
        # Folders of an object store have no time of their own: their files have.
        moments = []
        for path in [place, *self._fs.find(place)]:
            try:
                moments.append(self._fs.modified(path))
            except (FileNotFoundError, NotImplementedError, KeyError):
                continue
        return max(moments, default=datetime.now(UTC))

    def _at(self, *names: str) -> str:
        for name in names:
            if not is_plain(name):
                raise SettingsError(
                    f"{name[:100]!r} cannot name a task, version or alias: "
                    "use at most 128 letters, digits, '.', '_' and '-'."
                )
        return "/".join((self._root.rstrip("/"), *names))

    def _beginning(self, path: str, most: int) -> bytes | None:
        """How a small file begins, or None: whoever put 1 GB there fills no memory of ours."""
        with self._reached():
            try:
                with self._fs.open(path, "rb") as file:
                    content: bytes = file.read(most)
            except FileNotFoundError:
                return None
        return content

    def _opened(self, place: str, name: str) -> AbstractContextManager[IO[bytes]]:
        try:
            opened: AbstractContextManager[IO[bytes]] = self._fs.open(f"{place}/{name}", "rb")
        except FileNotFoundError:
            raise ArtifactMissing(f"The artifact {place} lacks its file {name}.") from None
        return opened

    def _kept(self, task: str, version: str, away: Unavailable) -> Artifact:
        kept = self._cache.kept(task, version)
        if kept is None:
            raise away
        log.warning("registry_away_copy_used", task=task, version=version, error=str(away))
        return kept

    def _fingerprint(self, task: str, version: str) -> str | None:
        try:
            return self.manifest(task, version).fingerprint
        except ArtifactError as error:
            log.warning("version_passed_over", task=task, version=version, error=str(error))
            return None

    def _require_new(self, manifest: Manifest) -> None:
        if manifest.version in self.versions(manifest.task):
            raise ArtifactError(
                f"{self.root} has a version {manifest.version} of {manifest.task} already. "
                "Register the new one under another name."
            )

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

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except TextwireError:
            raise
        except Exception as error:  # each of fsspec's file systems raises its own
            raise Unavailable(
                f"The model registry {self.root} cannot be used: {error}. "
                "Check that it is there, that there is space, and that it may be read and written."
            ) from error


def _is_leftover(path: str) -> bool:
    return Path(path).name.startswith(".")


def open_registry() -> Registry:
    """The registry of the settings: `models.registry`, or else `models` in the data folder."""
    data_dir, models = load(StackSettings).data_dir, load(ModelSettings)
    root = models.registry or str(data_dir / "models")
    most_bytes = models.largest_artifact_mb * 1_000_000
    return Registry(root, cache=data_dir / "model-cache", most_bytes=most_bytes)
