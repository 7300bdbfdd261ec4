"""Anyone's own data: one file of labelled texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.classify.data import ClassedTexts
from pipelines.classify.rows import read_classed_texts
from pipelines.data_files import by_path
from textwire.errors import DataError


@dataclass(frozen=True)
class OwnTexts:
    """A source of data.

    mapping: `field=column` for the file.
    drop_repeats: go on without texts that are in both parts, or have other classes each time.
    """

    texts: Path
    mapping: tuple[str, ...] = ()
    drop_repeats: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its name."""
        return by_path(self.texts)

    def read(self) -> ClassedTexts:
        """All of it, checked.

        Raises: DataError, DataFileError: the file or rows are wrong.
        """
        return read_classed_texts(self.texts, self.mapping, drop_repeats=self.drop_repeats)


@dataclass(frozen=True)
class NoTexts:
    """There are no samples: what is told apart is the user's."""

    @property
    def files(self) -> Mapping[str, Path]:
        """None.

        Raises: DataError: always, since nothing was given.
        """
        raise DataError(
            "Classes are your own, so there are no samples to learn from: "
            "`pipelines classify run --data FILE`."
        )

    def read(self) -> ClassedTexts:
        """Nothing.

        Raises: DataError: as above.
        """
        raise AssertionError(self.files)
