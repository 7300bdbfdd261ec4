"""A source that is one file of somebody's own, for pipelines that have no samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

from pipelines.training_data.data_files import by_path
from textwire.errors import DataError

D = TypeVar("D", covariant=True)


class ReadsFile(Protocol[D]):
    """Makes data of a file."""

    def __call__(self, path: Path, mapping: tuple[str, ...], /, *, drop_repeats: bool) -> D:
        """All of it, checked; `mapping` is `field=column` for its columns."""
        ...


@dataclass(frozen=True)
class OwnFile(Generic[D]):
    """A source of data.

    mapping: `field=column` for the file.
    drop_repeats: go on without texts that are in both parts, or are told otherwise each time.
    """

    path: Path
    read_file: ReadsFile[D]
    mapping: tuple[str, ...] = ()
    drop_repeats: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its name."""
        return by_path(self.path)

    def read(self) -> D:
        """All of it, checked.

        Raises: DataError, DataFileError: the file or rows are wrong.
        """
        return self.read_file(self.path, self.mapping, drop_repeats=self.drop_repeats)


@dataclass(frozen=True)
class NoSamples:
    """There are none: what is learned is the user's.

    Args: what: is the user's own, in the plural. command: learns it.
    """

    what: str
    command: str

    @property
    def files(self) -> Mapping[str, Path]:
        """None.

        Raises: DataError: always, since nothing was given.
        """
        raise DataError(
            f"{self.what} are your own, so there are no samples to learn from: "
            f"`{self.command} --data FILE`."
        )

    def read(self) -> Any:
        """Nothing.

        Raises: DataError: as above.
        """
        raise AssertionError(self.files)
