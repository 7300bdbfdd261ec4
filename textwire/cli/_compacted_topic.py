"""What the verbs over compacted topics share: loading files, listing, removing by id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

import click
import msgspec

from textwire.errors import DataFileError
from textwire.wire.message import Message
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.rows.columns import Columns
    from textwire.rows.known import Known
    from textwire.rows.screening import Screening

M = TypeVar("M", bound=Message)

AT_ONCE = 500
TEXT_CHARS = 60


class CompactedTopic(Generic[M]):
    """The messages on a compacted topic, as a person sees and changes them."""

    def __init__(self, topic: Topic, kind: type[M], verb: str, one: str) -> None:
        """Nothing is connected yet.

        Args: verb: what a person types, such as `textwire knowledge`. one: what a message is called
              in a sentence; more of them have an s.
        """
        self.topic, self.kind, self.verb, self.one = topic, kind, verb, one

    def load(
        self, files: Sequence[Path], mapping: Sequence[str], *, skip_bad: bool, id_prefix: str
    ) -> None:
        """Send the rows of files, once all of them were found good.

        Raises: DataFileError: naming the rows that are not; BrokerUnavailable.
        """
        from textwire.rows.columns import Columns
        from textwire.rows.screening import Screening

        columns = Columns.parse(self.kind, mapping, made_up=("id",))
        paths = list(dict.fromkeys(files))
        screening = Screening(self.kind, id_prefix)
        for _ in self._read(paths, columns, screening, "Reading"):
            pass
        self._judge(screening, skip_bad)
        # Read a second time rather than kept: a file may be larger than memory.
        self._send(self._read(paths, columns, Screening(self.kind, id_prefix), "Sending"))
        self._report(screening)

    def known(self) -> list[M]:
        """All that services have, by id; a line on the error stream where something is unreadable.

        Raises: BrokerUnavailable; UnknownTopic.
        """
        known = self._read_topic()
        if known.unreadable:
            records = (
                "1 record" if len(known.unreadable) == 1 else f"{len(known.unreadable):,} records"
            )
            click.echo(
                f"{records} cannot be read and changed nothing: `textwire dead list "
                f"{self.topic.name}` has the reasons.",
                err=True,
            )
        return known.messages

    def print_json(self) -> None:
        """A line each, which `load` reads again."""
        for message in self.known():
            click.echo(msgspec.json.encode(message))

    def remove(self, ids: Sequence[str]) -> None:
        """Take away by ids, which are the keys; also what cannot be read.

        Raises: DataFileError: one is not there, so nothing was removed; BrokerUnavailable.
        """
        from textwire.rows.screening import id_of
        from textwire.stream.clients.sender import Sender

        known = self._read_topic()
        there = {id_of(message).encode() for message in known.messages} | known.unreadable
        unknown = [name for name in ids if name.encode(errors="replace") not in there]
        if unknown:
            raise DataFileError(
                f"There is no {self.one} {', '.join(unknown)}, so nothing was removed. "
                f"See `{self.verb} list`."
            )
        with closing(Sender(self.verb)) as sender:
            sender.delete(self.topic, list(ids))
        click.echo(f"Removed {self.counted(len(set(ids)))}.")

    def counted(self, count: int) -> str:
        """So many of them."""
        return f"1 {self.one}" if count == 1 else f"{count:,} {self.one}s"

    def _read_topic(self) -> Known[M]:
        from textwire.rows.known import known_messages
        from textwire.stream.clients.reading import read_to_end

        return known_messages(read_to_end(self.topic.name), self.topic, self.kind)

    def _read(
        self, paths: Sequence[Path], columns: Columns, screening: Screening[M], doing: str
    ) -> Iterator[M]:
        from textwire.cli._progress import watched
        from textwire.rows.files import read_rows
        from textwire.rows.lines import check_file

        for path in paths:
            check_file(path)
        with watched(doing, sum(path.stat().st_size for path in paths)) as advance:
            for path in paths:
                yield from screening.let_through(path, read_rows(path, columns, advance))

    def _judge(self, screening: Screening[M], skip_bad: bool) -> None:
        if not skip_bad:
            screening.bad.refuse()
        if screening.bad.count:
            click.echo(f"Passed over {screening.bad.count:,} bad rows:\n{screening.bad}", err=True)
        if not screening.taken:
            raise DataFileError(f"There is no {self.one} in it, so nothing was sent.")

    def _send(self, messages: Iterator[M]) -> None:
        from textwire.stream.clients.sender import BULK_LINGER_MS, Sender
        from textwire.stream.kafka.connecting import create_topics
        from textwire.stream.pacing import in_groups

        create_topics([self.topic])
        with closing(Sender(self.verb, linger_ms=BULK_LINGER_MS)) as sender:
            for group in in_groups(messages, AT_ONCE):
                sender.send_all(self.topic, list(group))

    def _report(self, screening: Screening[M]) -> None:
        repeats = screening.repeats
        told = f"; {repeats:,} exact repeats were left out" if repeats else ""
        click.echo(f"Loaded {self.counted(screening.taken)}{told}.")


def cut(text: str) -> str:
    """A text as a table's cell has it: one line, its beginning."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS else f"{line[:TEXT_CHARS]}…"
