"""Versions of models, and the aliases by which services find them.

    <root>/<task>/<version>/manifest.json, model.onnx, ...
    <root>/<task>/aliases/champion        one line: the version that is served

The root is a folder or any URL that fsspec knows (`s3://bucket/models`). A version is there once
its manifest is, and that is written last; an alias moves in one step. So a reader never sees half
of anything, also where a rename is a copy.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import structlog

from textwire.errors import ArtifactCorrupt, ArtifactError, ArtifactMissing, Unavailable
from textwire.models.artifacts.artifact import (
    MANIFEST_FILE,
    MOST_MANIFEST_BYTES,
    Artifact,
    decode_manifest,
    open_artifact,
)
from textwire.models.artifacts.fetching import ArtifactCache
from textwire.models.artifacts.manifest import Manifest
from textwire.models.artifacts.names import is_plain
from textwire.models.artifacts.registry_files import RegistryFiles
from textwire.settings import ModelSettings, StackSettings, load

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
        self._files = RegistryFiles(root)
        self.root = self._files.root
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
        final = self._files.at(manifest.task, manifest.version)
        aside = f"{self._files.at(manifest.task)}/.{manifest.version}.{uuid.uuid4().hex}"
        try:
            self._files.copy_in(folder, manifest.files, aside)
            self._files.move(aside, final)
            self._files.write_whole(f"{final}/{MANIFEST_FILE}", content)
        except BaseException:
            self._files.remove(aside)
            raise
        return manifest.version

    def promote(self, task: str, version: str, alias: str = CHAMPION) -> None:
        """Let an alias name a version, in one step.

        Raises: ArtifactMissing: there is no such version.
        """
        if version not in self.versions(task):
            raise ArtifactMissing(f"{self.root} has no version {version} of {task}.")
        self._files.write_whole(self._files.at(task, ALIASES, alias), f"{version}\n".encode())

    def alias(self, task: str, alias: str = CHAMPION) -> str | None:
        """What an alias names, or None; whether that is a version shows when it is opened."""
        path = self._files.at(task, ALIASES, alias)
        content = self._files.beginning(path, MOST_ALIAS_BYTES) or b""
        return content.decode(errors="replace").strip() or None

    def versions(self, task: str) -> list[str]:
        """Every version of a task, oldest first."""
        manifests = self._files.matching(self._files.at(task), f"*/{MANIFEST_FILE}")
        names = (Path(path).parent.name for path in manifests)
        return sorted(name for name in names if is_plain(name))

    def tasks(self) -> list[str]:
        """Every task that has a version."""
        manifests = self._files.matching(self._files.path, f"*/*/{MANIFEST_FILE}")
        return sorted({name for path in manifests if is_plain(name := Path(path).parts[-3])})

    def aliases(self, task: str) -> dict[str, str]:
        """Every alias of a task, with the version that it names."""
        paths = self._files.matching(self._files.at(task, ALIASES), "*")
        names = (name for path in paths if is_plain(name := Path(path).name))
        found = {name: self.alias(task, name) for name in names if not name.endswith(".part")}
        return {name: version for name, version in found.items() if version}

    def drop_alias(self, task: str, alias: str) -> None:
        """Let an alias name nothing; one that named nothing stays so."""
        self._files.remove(self._files.at(task, ALIASES, alias))

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
        self._files.remove(self._files.at(task, version, MANIFEST_FILE))
        self._files.remove(self._files.at(task, version))

    def remove_leftovers(self, task: str, older_than: timedelta = LEFTOVER_AFTER) -> int:
        """Delete what was never finished, since its writer was killed; how many there were.

        Args: older_than: a younger one may be being written.
        """
        never_finished = [
            place
            for place in self._files.within(self._files.at(task))
            if _is_leftover(place) and datetime.now(UTC) - self._files.modified(place) > older_than
        ]
        for place in never_finished:
            self._files.remove(place)
        return len(never_finished)

    def note(self, task: str, name: str, content: bytes) -> None:
        """Keep a small file about a task, such as why a version was promoted."""
        self._files.write_whole(self._files.at(task, NOTES, name), content)

    def notes(self, task: str) -> list[bytes]:
        """What was noted, in the order of the names."""
        paths = self._files.matching(self._files.at(task, NOTES), "*.json")
        contents = (self._files.beginning(path, MOST_MANIFEST_BYTES) for path in paths)
        return [content for content in contents if content is not None]

    def find(self, task: str, fingerprint: str) -> str | None:
        """The newest version that was made from the same data, base and settings."""
        versions = reversed(self.versions(task))
        return next((v for v in versions if self._fingerprint(task, v) == fingerprint), None)

    def manifest(self, task: str, version: str) -> Manifest:
        """What a version says of itself.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        place = self._files.at(task, version)
        content = self._files.beginning(f"{place}/{MANIFEST_FILE}", MOST_MANIFEST_BYTES + 1)
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
        return self._files.beginning(self._files.at(task, version, name), MOST_MANIFEST_BYTES)

    def size(self, task: str, version: str) -> int:
        """The bytes of a version's files."""
        return self._files.size(self._files.at(task, version))

    def open(self, task: str, version: str) -> Artifact:
        """A version as a local folder, checked; a remote one is fetched the first time.

        While a remote registry is away, the copy that was fetched before will do.

        Raises: ArtifactMissing, ArtifactCorrupt.
        """
        place = self._files.at(task, version)
        try:
            manifest = self.manifest(task, version)
        except Unavailable as error:
            return self._kept(task, version, error)
        with self._files.reached():
            if self._files.are_local:
                return open_artifact(Path(place), self._most_bytes)
            return self._cache.opened(manifest, partial(self._files.opened, place))

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
        return self._files.stamp(self._files.at(task, version)) if is_plain(version) else ""

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


def _is_leftover(path: str) -> bool:
    return Path(path).name.startswith(".")


def open_registry() -> Registry:
    """The registry of the settings: `models.registry`, or else `models` in the data folder."""
    data_dir, models = load(StackSettings).data_dir, load(ModelSettings)
    root = models.registry or str(data_dir / "models")
    most_bytes = models.largest_artifact_mb * 1_000_000
    return Registry(root, cache=data_dir / "model-cache", most_bytes=most_bytes)
