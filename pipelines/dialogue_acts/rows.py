"""Messages of a file, in two parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.dialogue_acts.data import TurnData, TurnRow
from pipelines.training_data.data_files import Placed, read_placed
from pipelines.training_data.repeats import LabelledText, distinct_texts
from pipelines.training_data.splits import split_by_text


def read_turns(path: Path, mapping: Sequence[str] = (), *, drop_repeats: bool = False) -> TurnData:
    """The messages of a file.

    Where the file does not say, messages after the same words go into one part, so that nothing is
    judged on a reply that was learned from.

    Raises: DataError: rows cannot be used, or the same message stands in both parts or with two
            acts. DataFileError: the file cannot be read.
    """
    rows = [_labelled(placed) for placed in read_placed(path, TurnRow, mapping)]
    found = distinct_texts(rows, drop_repeats=drop_repeats)
    return TurnData(found.train, found.held_out).checked()


def _labelled(placed: Placed[TurnRow]) -> LabelledText[TurnRow]:
    row = placed.row
    said = row.before[-1].text if row.before else row.text
    split = row.split or split_by_text(said.casefold())
    key = (row.text.casefold(), *(earlier.text for earlier in row.before))
    return LabelledText(key, row.act, split, placed.place, row)
