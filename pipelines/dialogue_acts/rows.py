"""Messages of a file, in two parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.data_files import read_placed
from pipelines.dialogue_acts.data import TurnData, TurnRow
from pipelines.splits import Split, split_by_text
from textwire.errors import DataError


def read_turns(path: Path, mapping: Sequence[str] = ()) -> TurnData:
    """The messages of a file, JSON Lines or CSV.

    Where the file does not say, messages after the same words go into one part, so that nothing is
    judged on a reply that was learned from.

    Raises: DataError: rows cannot be used, or the same message stands in both parts.
            DataFileError: the file cannot be read.
    """
    parts: dict[Split, list[TurnRow]] = {"train": [], "held_out": []}
    known: dict[tuple[str, ...], tuple[Split, object]] = {}
    for place, row in read_placed(path, TurnRow, mapping):
        split = row.split or split_by_text(row.before[-1].text if row.before else row.text)
        key = (row.text.casefold(), *(said.text for said in row.before))
        other, elsewhere = known.setdefault(key, (split, place))
        if other != split:
            raise DataError(
                f"{place} and {elsewhere} are the same message, one to be learned from and one "
                "held out: that would be no judgement. Put both into one part."
            )
        parts[split].append(row)
    return TurnData(parts["train"], parts["held_out"]).checked()
