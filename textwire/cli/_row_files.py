"""Files of rows as messages, read twice: once to judge them, and once to send them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import click

from textwire.errors import DataFileError
from textwire.wire.message import Message

if TYPE_CHECKING:
    from textwire.rows.row import BadRow, Row
    from textwire.rows.screening import Screening

M = TypeVar("M", bound=Message)
MOST_LEFT_OUT = 20
Adjust = Callable[[Path, "Row | BadRow"], "Row | BadRow"]


def as_it_stands(_path: Path, row: Row | BadRow) -> Row | BadRow:
    """The row, unchanged."""
    return row


class RowFiles(Generic[M]):
    """The messages of files. Not kept between the readings: files may be larger than memory."""

    def __init__(
        self,
        kind: type[M],
        files: Sequence[Path],
        mapping: Sequence[str] = (),
        *,
        id_prefix: str = "",
        encoding: str | None = None,
        adjust: Adjust = as_it_stands,
    ) -> None:
        """Nothing is read yet.

        Args:   mapping: `field=column`. adjust: what else a row says, by the file it is in.
        Raises: DataFileError: the mapping names no field.
        """
        from textwire.rows.columns import Columns

        self.paths = list(dict.fromkeys(files))
        self._kind = kind
        self._columns = Columns.parse(kind, mapping, made_up=("id",))
        self._id_prefix = id_prefix
        self._encoding = encoding
        self._adjust = adjust

    def judged(self, one: str, *, skip_bad: bool, look: Callable[[M], None]) -> Screening[M]:
        """Read all, to make sure that all rows are good, or that some are.

        Args:   one: what a message is called. look: is shown every good one.
        Raises: DataFileError: naming the rows that are not.
        """
        from textwire.rows.screening import Screening, told_stand_ins

        screening = Screening(self._kind, self._id_prefix)
        remarks: list[str] = []
        for message in self._read(screening, "Reading", remarks.append):
            look(message)
        for remark in dict.fromkeys(remarks):
            click.echo(remark, err=True)
        for remark in told_stand_ins(screening.stood_in):
            click.echo(remark, err=True)
        for name, rows in screening.left_out.most_common(MOST_LEFT_OUT):
            click.echo(
                f"`{name}` is left out of {rows:,} rows: it is neither a text, a number, true or "
                "false, nor a list of texts, or too long.",
                err=True,
            )
        if not skip_bad:
            screening.bad.refuse()
        if screening.bad.count:
            count, bad = screening.taken + screening.repeats, screening.bad.count
            click.echo(
                f"Passed over {bad:,} bad of {count + bad:,} rows:\n{screening.bad}", err=True
            )
        if not screening.taken:
            raise DataFileError(f"There is no {one} in it, so nothing was sent.")
        return screening

    def messages(self) -> Iterator[M]:
        """The good ones, in their order; what is not good was told before."""
        from textwire.rows.row import unheard
        from textwire.rows.screening import Screening

        return self._read(Screening(self._kind, self._id_prefix), "Sending", unheard)

    def _read(
        self, screening: Screening[M], doing: str, tell: Callable[[str], None]
    ) -> Iterator[M]:
        from textwire.cli._progress import watched
        from textwire.rows.files import read_rows
        from textwire.rows.lines import check_file
        from textwire.rows.row import Reading

        for path in self.paths:
            check_file(path)
        with watched(doing, sum(path.stat().st_size for path in self.paths)) as advance:
            reading = Reading(advance, tell, self._encoding)
            for path in self.paths:
                rows = read_rows(path, self._columns, reading)
                yield from screening.let_through(path, (self._adjust(path, row) for row in rows))
