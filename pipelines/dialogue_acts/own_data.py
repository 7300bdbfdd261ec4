"""Anyone's own data: one file of labelled messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.rows import read_turns
from pipelines.training_data.data_files import by_path


@dataclass(frozen=True)
class OwnTurns:
    """A source of data.

    mapping: `field=column` for the file.
    drop_repeats: go on without messages that are in both parts, or have two acts.
    """

    turns: Path
    mapping: tuple[str, ...] = ()
    drop_repeats: bool = False

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its name."""
        return by_path(self.turns)

    def read(self) -> TurnData:
        """All of it, checked.

        Raises: DataError, DataFileError: the file or rows are wrong.
        """
        return read_turns(self.turns, self.mapping, drop_repeats=self.drop_repeats)
