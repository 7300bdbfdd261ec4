"""What the verbs over compacted topics share: loading files, listing, removing by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Generic, TypeVar

import click
import msgspec

from textwire.errors import DataFileError, UnknownTopic
from textwire.wire.message import Message
from textwire.wire.topic import Topic

if TYPE_CHECKING:
    from textwire.cli._row_files import RowFiles
    from textwire.rows.known import Known

M = TypeVar("M", bound=Message)

AT_ONCE = 500
TEXT_CHARS = 60


class CompactedTopic(Generic[M]):
    """The messages on a compacted topic, as a person sees and changes them."""

    def __init__(
        self, topic: Topic, kind: type[M], verb: str, one: str, more: str | None = None
    ) -> None:
        """Nothing is connected yet.

        Args: verb: what a person types, such as `textwire knowledge`. one: what a message is called
              in a sentence. more: several of them, where that is not with an s.
        """
        self.topic, self.kind, self.verb, self.one = topic, kind, verb, one
        self._more = more or f"{one}s"

    def load(self, files: RowFiles[M], *, skip_bad: bool) -> None:
        """Send the rows of files, once all of them were found good.

        Raises: DataFileError: naming the rows that are not; BrokerUnavailable.
        """
        screening = files.judged(self.one, skip_bad=skip_bad, look=_unlooked)
        self.send(files.messages())
        click.echo(f"Loaded {self.counted(screening.taken)}{_repeats(screening.repeats)}.")

    def sync(self, files: RowFiles[M], id_prefix: str, *, skip_bad: bool, dry_run: bool) -> None:
        """Make what is known equal to files, of ids that begin so.

        What comes is sent before what goes is deleted.

        Raises: DataFileError: naming rows that cannot be used; BrokerUnavailable.
        """
        from textwire.rows.screening import id_of
        from textwire.rows.syncing import Fingerprint, fingerprint, plan_sync

        wanted: dict[str, Fingerprint] = {}

        def note(message: M) -> None:
            wanted[id_of(message)] = fingerprint(message)

        screening = files.judged(self.one, skip_bad=skip_bad, look=note)
        known = [one for one in self.known_so_far() if id_of(one).startswith(id_prefix)]
        plan = plan_sync(wanted, known, {None})
        told = (
            f"{len(plan.added):,} added, {len(plan.changed):,} changed, "
            f"{len(plan.deleted):,} removed, {plan.unchanged:,} unchanged"
            f"{_repeats(screening.repeats)}"
        )
        if dry_run:
            click.echo(f"Nothing was sent. A sync would have {told}.")
            return
        if sent := plan.sent:
            self.send(one for one in files.messages() if id_of(one) in sent)
        if plan.deleted:
            self.delete(plan.deleted)
        click.echo(f"Synced: {told}.")

    def known_so_far(self) -> list[M]:
        """All that services have, by id; nothing where nothing was ever loaded.

        Raises: BrokerUnavailable.
        """
        try:
            return self.known()
        except UnknownTopic:
            return []

    def known(self) -> list[M]:
        """All that services have, by id; a line on the error stream where something is unreadable.

        Raises: BrokerUnavailable; UnknownTopic.
        """
        known = self.read_topic()
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

    def print_json(self, messages: Iterable[M]) -> None:
        """A line each, which `load` reads again."""
        for message in messages:
            click.echo(msgspec.json.encode(message))

    def remove(self, ids: Sequence[str]) -> None:
        """Take away by ids, which are the keys; also what cannot be read.

        Raises: DataFileError: one is not there, so nothing was removed; BrokerUnavailable.
        """
        known = self.read_topic()
        there = {self.topic.key(message).encode() for message in known.messages} | known.unreadable
        unknown = [name for name in ids if name.encode(errors="replace") not in there]
        if unknown:
            raise DataFileError(
                f"There is no {self.one} {', '.join(unknown)}, so nothing was removed. "
                f"See `{self.verb} list`."
            )
        self.delete(ids)
        click.echo(f"Removed {self.counted(len(set(ids)))}.")

    def delete(self, ids: Sequence[str]) -> None:
        """Have ids vanish, whether they are there or not.

        Raises: BrokerUnavailable.
        """
        from textwire.stream.clients.sender import Sender
        from textwire.stream.pacing import in_groups

        with closing(Sender(self.verb)) as sender:
            for group in in_groups(ids, AT_ONCE):
                sender.delete(self.topic, list(group))

    def send(self, messages: Iterable[M]) -> None:
        """Have messages known.

        Raises: BrokerUnavailable.
        """
        from textwire.stream.clients.sender import BULK_LINGER_MS, Sender
        from textwire.stream.kafka.connecting import create_topics
        from textwire.stream.pacing import in_groups

        create_topics([self.topic])
        with closing(Sender(self.verb, linger_ms=BULK_LINGER_MS)) as sender:
            for group in in_groups(messages, AT_ONCE):
                sender.send_all(self.topic, list(group))

    def counted(self, count: int) -> str:
        """So many of them."""
        return f"1 {self.one}" if count == 1 else f"{count:,} {self._more}"

    def read_topic(self) -> Known[M]:
        """All that services have, and which keys cannot be read.

        Raises: BrokerUnavailable; UnknownTopic.
        """
        from textwire.rows.known import known_messages
        from textwire.stream.clients.reading import read_to_end

        return known_messages(read_to_end(self.topic.name), self.topic, self.kind)


def _unlooked(_message: Message) -> None:
    """Nobody looks at it."""


def _repeats(count: int) -> str:
    if not count:
        return ""
    return (
        "; 1 exact repeat was left out"
        if count == 1
        else f"; {count:,} exact repeats were left out"
    )


def cut(text: str) -> str:
    """A text as a table's cell has it: one line, its beginning."""
    line = " ".join(text.split())
    return line if len(line) <= TEXT_CHARS else f"{line[:TEXT_CHARS]}…"
