"""Anyone's own data: one file of annotated texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.data_files import by_path
from pipelines.entities.data import EntityData
from pipelines.entities.rows import read_annotated
from textwire.errors import DataError


@dataclass(frozen=True)
class OwnEntities:
    """A source of data.

    mapping: `field=column` for the file.
    drop_repeats: go on without texts that are in both parts, or have other entities each time.
    """

    texts: Path
    mapping: tuple[str, ...] = ()
    drop_repeats: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its name."""
        return by_path(self.texts)

    def read(self) -> EntityData:
        """All of it, checked.

        Raises: DataError, DataFileError: the file or rows are wrong.
        """
        return read_annotated(self.texts, self.mapping, drop_repeats=self.drop_repeats)


@dataclass(frozen=True)
class NoEntities:
    """There are no samples: what is found is the user's."""

    @property
    def files(self) -> Mapping[str, Path]:
        """None.

        Raises: DataError: always, since nothing was given.
        """
        raise DataError(
            "Entities are your own, so there are no samples to learn from: "
            "`pipelines entities run --data FILE`."
        )

    def read(self) -> EntityData:
        """Nothing.

        Raises: DataError: as above.
        """
        raise AssertionError(self.files)
