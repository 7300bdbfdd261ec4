"""Tables of cells, wherever they come from: their heading found, their rows by fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from textwire.errors import DataFileError, RecordRejected
from textwire.rows.bounds import bounded
from textwire.rows.cells import Cells
from textwire.rows.columns import Columns, listed
from textwire.rows.day_order import with_days_told
from textwire.rows.kinds import moment_fields
from textwire.rows.matching import Match
from textwire.rows.row import AS_IT_COMES, BadRow, Reading, Row
from textwire.rows.several import Several, read_as, several_in
from textwire.rows.tidying import as_identifier
from textwire.wire.guests import guest_id

# Above a heading there may be a title, a date, a note or two, and empty lines.
HEADING_WITHIN = 20


class Table(NamedTuple):
    """A table under its heading."""

    what: str  # for messages
    heading: Cells
    names: list[str]
    match: Match
    rows: Iterator[Cells]
    columns: Columns
    several: Several | None = None  # by the names in the heading

    def read(self, where: str = "") -> Iterator[Row | BadRow]:
        """A row for each that is not blank; empty cells are left out.

        Args: where: said in place of the line; `{line}` in it is the line.
        """
        above: dict[str, Any] = {}
        for row in bounded(self.what, self.rows):
            if row.is_blank:
                continue
            told = where.replace("{line}", f"{row.line:,}")
            try:
                for filled in self._filled(row):
                    read = self._read_one(row.line, filled, told, above)
                    if isinstance(read, Row):
                        above = read.fields
                    if read is not None:
                        yield read
            except RecordRejected as rejected:
                yield BadRow(row.line, str(rejected), told)

    def _filled(self, row: Cells) -> Iterator[dict[str, Any]]:
        """The cells of a row that are not empty by their names; of several things, of each.

        Raises: RecordRejected: it cannot be read.
        """
        if row.wrong:
            raise RecordRejected(row.wrong)
        cells = list(row.cells)
        # Excel leaves out the last empty cells of some rows, and others add some.
        while len(cells) > len(self.names) and not cells[-1].strip():
            cells.pop()
        if len(cells) > len(self.names):
            raise RecordRejected(
                f"it has {len(cells)} cells and the heading has {len(self.names)}; "
                "a cell that holds the separator must stand in double quotes"
            )
        filled = {
            name: cell
            for name, cell in zip(self.names, cells, strict=False)
            if name and cell.strip()
        }
        if self.several is None or self.several.leading not in filled:
            yield filled
        else:
            yield from self.several.parted(filled)

    def _read_one(
        self, line: int, filled: dict[str, Any], where: str, above: dict[str, Any]
    ) -> Row | BadRow | None:
        fields = self._continued(self._of_one_user(self.match.pick(filled), above), above)
        # Tags alone say nothing: merged cells beside a row that was emptied, a note below.
        silent = {*self.match.lists, *self.match.constants, *self.match.beside}
        if not fields.keys() - silent:
            return None
        missing = self.columns.lacking(fields)
        if missing:
            return BadRow(line, f"`{missing[0]}` is empty", where)
        return Row(line, fields, where)

    def _of_one_user(self, fields: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
        """A row with the user of the row above, where it is of the same order and names nobody.

        Shopify writes who ordered beside the first line of an order alone.
        """
        kind = self.columns.kind
        shared = fields.get(kind.shared_in or "")
        if shared is None or shared != above.get(kind.shared_in or ""):
            return fields
        column = self.match.beside[str(kind.shared_in)]
        nobody = (None, guest_id(column, str(as_identifier(shared))))
        users = [name for name in kind.guests_in if fields.get(name) in nobody and name in above]
        return fields | {name: above[name] for name in users}

    def _continued(self, fields: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
        """A row with what it leaves to the row above; empty where it says nothing of its own.

        Shopify writes a product's title beside its first variant alone, and a line for each further
        picture.
        """
        kind = self.columns.kind
        shared = kind.continued_by
        if shared is None or fields.get(shared) is None or fields[shared] != above.get(shared):
            return fields
        if kind.continued_fields & fields.keys() & set(self.columns.required):
            return fields
        own = fields.keys() - {shared, kind.further_field, *self.match.constants}
        if not own and not fields.keys() >= set(self.columns.required):
            return {}
        return {name: above[name] for name in kind.continued_fields if name in above} | fields


def find_heading(rows: Sequence[Sequence[str]], columns: Columns) -> int | None:
    """The place of the first row that can be columns' names; None where none can.

    Below the first row, one known name may be a word of the data; two are a heading.
    """
    for place, row in enumerate(rows):
        names = read_as(columns, [cell.strip() for cell in row])
        if columns.fits(names) and (place == 0 or len(columns.match(names).columns) > 1):
            return place
    return None


def open_table(
    what: str, rows: Iterator[Cells], columns: Columns, reading: Reading = AS_IT_COMES
) -> Table:
    """The table in these rows: below the first row whose cells can be its columns' names.

    Raises: DataFileError: no row near the top can be, or there is nothing.
    """
    first = _first_rows(rows)
    if not first:
        raise DataFileError(f"{what} is empty.")
    place = find_heading([() if row.wrong else row.cells for row in first], columns)
    if place is None:
        raise _no_heading(what, first, columns)
    heading = first[place]
    names = [cell.strip() for cell in heading.cells]
    if several := several_in(columns, names):
        reading.tell(f"{what}: {several.told}.")
    match = columns.check(what, read_as(columns, names))
    _tell(what, first[:place], read_as(columns, names), match, columns, reading)
    while names and not names[-1]:
        names.pop()
    below = chain(first[place + 1 :], rows)
    return Table(
        what,
        heading,
        names,
        match,
        _with_days(what, below, names, match, columns, reading),
        columns,
        several,
    )


def _with_days(
    what: str,
    rows: Iterator[Cells],
    names: list[str],
    match: Match,
    columns: Columns,
    reading: Reading,
) -> Iterator[Cells]:
    held = {c for name in moment_fields(columns.kind) for c in match.columns.get(name, ())}
    moments = [place for place, name in enumerate(names) if name in held]
    return with_days_told(rows, names, moments, lambda said: reading.tell(f"{what}: {said}."))


def _first_rows(rows: Iterator[Cells]) -> list[Cells]:
    first: list[Cells] = []
    for row in rows:
        if not row.is_blank:
            first.append(row)
        if len(first) == HEADING_WITHIN:
            break
    return first


def _no_heading(what: str, first: Sequence[Cells], columns: Columns) -> DataFileError:
    """What the likeliest heading lacks: the row with most known names, the first of the widest."""
    good = [row for row in first if not row.wrong]
    if not good:
        return DataFileError(f"{what}: the heading cannot be read: {first[0].wrong}.")

    def likeliness(row: Cells) -> tuple[int, int]:
        match = columns.match([cell.strip() for cell in row.cells])
        known = len(match.columns) + len(match.ambiguous)
        return known, sum(bool(cell.strip()) for cell in row.cells)

    # The first is among them: it would have been the heading if it could be one.
    unfit = [row for row in good if not columns.fits([cell.strip() for cell in row.cells])]
    likeliest = max(unfit or good, key=likeliness)
    names = [cell.strip() for cell in likeliest.cells]
    try:
        columns.check(what, names)
    except DataFileError as error:
        return error
    return DataFileError(f"{what} has no heading that names its columns, such as `text`.")


def _tell(
    what: str,
    above: Sequence[Cells],
    names: list[str],
    match: Match,
    columns: Columns,
    reading: Reading,
) -> None:
    if above:
        said = listed(" ".join(cell for cell in row.cells if cell.strip()) for row in above)
        reading.tell(f"{what}: passed over above the heading: {said}.")
    if told := columns.told(names, match):
        reading.tell(f"{what}: {told}.")
