"""The files of a registry, wherever fsspec finds them, and what can go wrong on the way there."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from textwire.errors import ArtifactMissing, SettingsError, TextwireError, Unavailable
from textwire.file_rights import no_more_open_than
from textwire.models.artifacts.names import is_plain
from textwire.urls import without_secrets


class RegistryFiles:
    """Paths are strings of the file system's own; every method but `at` may raise Unavailable."""

    def __init__(self, root: str) -> None:
        """`root`: a folder, which need not exist yet, or any URL that fsspec knows.

        Raises: SettingsError: fsspec does not know the URL's protocol, or lacks a package for it.
        """
        try:
            self.fs, path = fsspec.url_to_fs(root)
        except (ValueError, ImportError) as error:
            raise SettingsError(
                f"The model registry {without_secrets(root)!r} cannot be opened: {error}. "
                "Set models.registry to a folder, or install what fsspec asks for."
            ) from error
        self.path = path.rstrip("/")
        self.root = without_secrets(root)  # for people; a URL may carry a password

    @property
    def are_local(self) -> bool:
        """Whether a path names a file of this machine."""
        return isinstance(self.fs, LocalFileSystem)

    def at(self, *names: str) -> str:
        """The path of what has these names, one within the other.

        Raises: SettingsError: one of them would lead elsewhere.
        """
        for name in names:
            if not is_plain(name):
                raise SettingsError(
                    f"{name[:100]!r} cannot name a task, version or alias: "
                    "use at most 128 letters, digits, '.', '_' and '-'."
                )
        return "/".join((self.path, *names))

    def matching(self, folder: str, pattern: str) -> list[str]:
        """The paths below a folder whose names match, as they stand now, in order."""
        with self.reached():
            self.fs.invalidate_cache()
            return sorted(str(path) for path in self.fs.glob(f"{folder}/{pattern}"))

    def within(self, folder: str) -> list[str]:
        """The paths right in a folder, hidden ones too; none where there is no folder."""
        with self.reached():
            self.fs.invalidate_cache()
            try:
                return [str(path) for path in self.fs.ls(folder, detail=False)]
            except FileNotFoundError:
                return []

    def beginning(self, path: str, most: int) -> bytes | None:
        """How a small file begins, or None: whoever put 1 GB there fills no memory of ours."""
        with self.reached():
            try:
                with self.fs.open(path, "rb") as file:
                    content: bytes = file.read(most)
            except FileNotFoundError:
                return None
        return content

    def opened(self, folder: str, name: str) -> AbstractContextManager[IO[bytes]]:
        """A file of an artifact, to be read.

        Raises: ArtifactMissing: it is not there.
        """
        try:
            opened: AbstractContextManager[IO[bytes]] = self.fs.open(f"{folder}/{name}", "rb")
        except FileNotFoundError:
            raise ArtifactMissing(f"The artifact {folder} lacks its file {name}.") from None
        return opened

    def size(self, path: str) -> int:
        """The bytes of a file, or of all within a folder."""
        with self.reached():
            return int(self.fs.du(path))

    def modified(self, path: str) -> datetime:
        """When a file, or the newest within a folder, was written last; now where nothing says so.

        Folders of an object store have no time of their own: their files have.
        """
        moments = []
        with self.reached():
            for one in [path, *self.fs.find(path)]:
                try:
                    moments.append(self.fs.modified(one))
                except (FileNotFoundError, NotImplementedError, KeyError):
                    continue
        return max(moments, default=datetime.now(UTC))

    def stamp(self, folder: str) -> str:
        """Another one whenever a file of a folder was changed; none of them is read."""
        with self.reached():
            self.fs.invalidate_cache(folder)
            try:
                files = self.fs.ls(folder, detail=True)
            except FileNotFoundError:
                return ""
        listed = sorted(str(sorted(file.items())) for file in files)
        return hashlib.sha256("\n".join(listed).encode()).hexdigest()

    def copy_in(self, folder: Path, names: Iterable[str], target: str) -> None:
        """Copy files of a local folder."""
        with self.written():
            self.fs.makedirs(target, exist_ok=True)
            for name in names:
                self.fs.put_file(str(folder / name), f"{target}/{name}")

    def write_whole(self, path: str, content: bytes) -> None:
        """Write a small file beside its place, then move it there: nobody reads half of it."""
        beside = f"{path}.{uuid.uuid4().hex}.part"
        with self.written():
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.fs.pipe_file(beside, content)
            self.fs.mv(beside, path)

    def move(self, path: str, target: str) -> None:
        """Move a folder with all that is in it."""
        with self.written():
            self.fs.mv(path, target, recursive=True)

    def remove(self, path: str) -> None:
        """Delete a file or a folder, if it is there."""
        with self.reached():
            if self.fs.exists(path):
                self.fs.rm(path, recursive=True)

    @contextmanager
    def written(self) -> Iterator[None]:
        """What is written meanwhile can be read by those who may read the registry's folder."""
        with self.reached(), no_more_open_than(Path(self.path)):
            yield

    @contextmanager
    def reached(self) -> Iterator[None]:
        """Whatever a file system raises means that the registry is away.

        Raises: Unavailable.
        """
        try:
            yield
        except TextwireError:
            raise
        except Exception as error:  # each of fsspec's file systems raises its own
            raise Unavailable(
                f"The model registry {self.root} cannot be used: {error}. "
                "Check that it is there, that there is space, and that it may be read and written."
            ) from error
