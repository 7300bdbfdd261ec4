"""Local copies of the artifacts of a remote registry: whole or not there, and never outside."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

import msgspec
import structlog
from filelock import FileLock, Timeout

from textwire.errors import ArtifactError, Unavailable
from textwire.file_rights import OWNER_FILE, make_private, take_from_others
from textwire.models.artifacts.artifact import MANIFEST_FILE, Artifact, open_artifact, too_large
from textwire.models.artifacts.manifest import Manifest

# Opens one of the artifact's remote files, by its name.
OpenRemote = Callable[[str], AbstractContextManager[IO[bytes]]]

CHUNK_BYTES = 1024 * 1024
# Another process of this machine fetches the same version: 90 MB take seconds, and whoever waited
# in vain comes back.
LOCKED_AT_MOST_S = 60.0
# Names that no task and no version can have.
FETCHING, LOCKS = ".fetching", ".locks"

log = structlog.get_logger(__name__)


class ArtifactCache:
    """A folder of artifacts by task and version, shared by the processes of a machine."""

    def __init__(
        self,
        folder: Path,
        most_bytes: int | None = None,
        locked_at_most_s: float = LOCKED_AT_MOST_S,
    ) -> None:
        """Nothing is made before something is fetched.

        Args: most_bytes: what the files of one artifact may have together.
              locked_at_most_s: how long to wait for a process that fetches the same version.
        """
        self._folder = folder
        self._most_bytes = most_bytes
        self._locked_at_most_s = locked_at_most_s

    def kept(self, task: str, version: str) -> Artifact | None:
        """The copy that stands here, if its files are still those that were fetched."""
        place = self._folder / task / version
        if not place.exists():
            return None
        try:
            return open_artifact(place, self._most_bytes)
        except ArtifactError as error:
            log.warning("copy_spoilt", task=task, version=version, error=str(error))
            return None

    def opened(self, manifest: Manifest, open_remote: OpenRemote) -> Artifact:
        """The copy of a manifest's files; fetched where there is none, or one of other files.

        Raises: ArtifactCorrupt: what was fetched is not what the manifest says, or too large.
                Unavailable: another process has been fetching it for too long.
                Whatever `open_remote` and the disk raise.
        """
        with self._alone(manifest):
            kept = self.kept(manifest.task, manifest.version)
            if kept is None or kept.manifest != manifest:
                self._fetch(manifest, open_remote)
        return Artifact(self._folder / manifest.task / manifest.version, manifest)

    def _fetch(self, manifest: Manifest, open_remote: OpenRemote) -> None:
        aside = self._folder / FETCHING / manifest.task / manifest.version
        place = self._folder / manifest.task / manifest.version
        # What a process that died while fetching has left.
        shutil.rmtree(aside, ignore_errors=True)
        make_private(aside)
        try:
            self._copy_files(manifest, open_remote, aside)
            open_artifact(aside, self._most_bytes)
            take_from_others(aside)
            make_private(place.parent)
            shutil.rmtree(place, ignore_errors=True)
            aside.rename(place)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _copy_files(self, manifest: Manifest, open_remote: OpenRemote, aside: Path) -> None:
        copied = 0
        for name in manifest.files:
            with open_remote(name) as source, (aside / name).open("xb") as target:
                while chunk := source.read(CHUNK_BYTES):
                    copied += len(chunk)
                    # What a file is said to have is not asked: what comes is counted.
                    if self._most_bytes is not None and copied > self._most_bytes:
                        raise too_large(aside, self._most_bytes)
                    target.write(chunk)
        (aside / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))

    @contextmanager
    def _alone(self, manifest: Manifest) -> Iterator[None]:
        lock = self._folder / LOCKS / manifest.task / manifest.version
        make_private(lock.parent)
        try:
            with FileLock(lock, timeout=self._locked_at_most_s, mode=OWNER_FILE):
                yield
        except Timeout:
            raise Unavailable(
                f"Another process has been fetching {manifest.task} {manifest.version} for "
                f"{self._locked_at_most_s:g} s. It is looked for again."
            ) from None
