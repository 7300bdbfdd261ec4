"""The rows of a file as messages of a topic: all are looked at, and then all are sent."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click

from textwire.cli._items import ITEMS
from textwire.cli._pacing import Pace
from textwire.cli._progress import watched
from textwire.errors import DataFileError, RecordRejected
from textwire.recommendations.catalogue.unknown_ids import told_unknown
from textwire.recommendations.topics import RECS_EVENTS
from textwire.rows.bad_rows import BadRows, Place
from textwire.rows.columns import Columns
from textwire.rows.files import read_rows
from textwire.rows.row import BadRow, Reading, Row, as_message, unheard
from textwire.rows.tidying import tidied
from textwire.stream.clients.sender import BULK_LINGER_MS, Sender
from textwire.wire.file_measure import FileMeasure
from textwire.wire.guests import counted_guests, told_guests
from textwire.wire.message import Message
from textwire.wire.topic import Topic


@dataclass(frozen=True)
class FileOfRows:
    """A file, where its rows are to go, and how many of them; None: all."""

    path: Path
    topic: Topic
    columns: Columns
    limit: int | None = None

    def messages(self, bad: BadRows, tell: Callable[[str], None]) -> Iterator[Message]:
        """The rows that can be sent; the others are added to `bad`."""
        return islice(self._messages(bad, tell), self.limit)

    def _messages(self, bad: BadRows, tell: Callable[[str], None]) -> Iterator[Message]:
        run = secrets.token_hex(3)
        for row in read_rows(self.path, self.columns, Reading(tell=tell)):
            place = Place(self.path, row.line, row.where)
            if isinstance(row, BadRow):
                bad.add(place, row.reason)
                continue
            try:
                yield self._message(row, f"replay-{run}-{row.line}")
            except RecordRejected as rejected:
                bad.add(place, str(rejected))

    def _message(self, row: Row, session_id: str) -> Message:
        kind = self.columns.kind
        own = {"session_id": session_id} if "session_id" in self.columns.fields else {}
        # Texts are sent as they stand: what is wrong with them is the service's to say.
        fields = tidied(row.fields, kind, strip=False)
        return as_message(own | fields, kind, strict=False)


@dataclass
class Seen:
    """What the first look at all rows finds.

    measure  what tells from all of them what their values mean; None: nothing does.
    """

    measure: FileMeasure | None
    count: int = 0
    bad: BadRows = field(default_factory=BadRows)
    remarks: list[str] = field(default_factory=list)
    item_ids: Counter[str] = field(default_factory=Counter)


def replay_rows(
    rows: FileOfRows, pace: Pace, connect: Callable[[int], Sender], *, skip_bad: bool
) -> None:
    """Send the rows, once all of them were found good.

    Args:   connect: by how long messages may wait for others, in milliseconds.
    Raises: DataFileError: naming rows that cannot be used; or there is none. BrokerUnavailable.
    """
    seen = look_through(rows)
    for remark in dict.fromkeys(seen.remarks):
        click.echo(remark, err=True)
    _judge(seen, skip_bad=skip_bad)
    if doubt := _doubt(rows.topic, seen.item_ids):
        click.echo(doubt, err=True)
    _send(rows, seen, pace, connect)


def look_through(rows: FileOfRows) -> Seen:
    """Read all rows, and send none."""
    measured_by = rows.topic.message.measured_by
    seen = Seen(measured_by() if measured_by else None)
    for message in rows.messages(seen.bad, seen.remarks.append):
        seen.count += 1
        if seen.measure is not None:
            seen.measure.see(message)
        if item_id := getattr(message, "item_id", None):
            seen.item_ids[item_id] += 1
    if seen.measure is not None and seen.measure.told:
        seen.remarks.append(f"{rows.path}: {seen.measure.told}")
    return seen


def _judge(seen: Seen, *, skip_bad: bool) -> None:
    if not skip_bad:
        seen.bad.refuse()
    if seen.bad.count:
        click.echo(f"Passed over {seen.bad.count:,} bad rows:\n{seen.bad}", err=True)
    if not seen.count:
        raise DataFileError("There is no row in it that can be sent.")


def _doubt(topic: Topic, item_ids: Counter[str]) -> str | None:
    """What to tell where events name items that the catalogue does not have; None: nothing."""
    return told_unknown(item_ids, ITEMS.known_so_far()) if topic is RECS_EVENTS else None


def _send(rows: FileOfRows, seen: Seen, pace: Pace, connect: Callable[[int], Sender]) -> None:
    guests: Counter[str] = Counter()
    again = rows.messages(BadRows(), unheard)
    meant = again if seen.measure is None else map(seen.measure.put_right, again)
    started_s = time.monotonic()
    with closing(connect(BULK_LINGER_MS)) as sender, watched("Sending", seen.count) as advance:
        for group in pace(counted_guests(meant, guests)):
            sender.send_all(rows.topic, group)
            advance(len(group))
    took_s = time.monotonic() - started_s
    if guests:
        click.echo(told_guests(guests), err=True)
    rate = f"{seen.count / took_s:,.0f}/s"
    click.echo(f"Sent {seen.count:,} to {rows.topic.name} in {took_s:.1f} s ({rate}).")
