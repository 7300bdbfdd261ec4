"""The turns that we wrote, or a folder like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.dialogue_acts.data import TurnData
from pipelines.dialogue_acts.rows import read_turns
from pipelines.training_data.data_files import by_path


@dataclass(frozen=True)
class SampleTurns:
    """A source of data: `turns.jsonl`."""

    folder: Path

    @property
    def files(self) -> Mapping[str, Path]:
        """What is read, by its path in the folder."""
        return by_path(self.folder / "turns.jsonl")

    def read(self) -> TurnData:
        """All of it, checked.

        Raises: DataError, DataFileError: the file or rows are wrong.
        """
        return read_turns(self.folder / "turns.jsonl")
