"""Passages by the source they come from: what the verbs of `textwire knowledge` do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textwire.cli._compacted_topic import CompactedTopic, cut
from textwire.cli._row_files import RowFiles
from textwire.errors import DataFileError, UnknownTopic
from textwire.samples import SAMPLES_SOURCE
from textwire.stream.readable import readable
from textwire.support_qa.messages import Passage
from textwire.support_qa.topics import SUPPORT_KNOWLEDGE

if TYPE_CHECKING:
    from textwire.rows.row import BadRow, Row
    from textwire.rows.syncing import Fingerprint, SyncPlan

PASSAGES = CompactedTopic(SUPPORT_KNOWLEDGE, Passage, "textwire knowledge", "passage")
# Of each kind of change, a dry run names so many.
NAMED_CHANGES = 20


def source_of(path: Path) -> str:
    """What a file is called as a source: its name, as text that can be sent."""
    return path.name.encode("utf-8", "replace").decode()


def passage_files(
    files: Sequence[Path],
    mapping: Sequence[str],
    source: str | None,
    id_prefix: str,
    encoding: str | None,
) -> RowFiles[Passage]:
    """Files whose rows say where they come from.

    Args:   source: of every row; None: what a row says itself, or else its file's name.
    Raises: DataFileError: the mapping names no field.
    """

    def with_source(path: Path, row: Row | BadRow) -> Row | BadRow:
        fields = getattr(row, "fields", None)
        if fields is None:
            return row
        given = (
            {"source": source_of(path)} | fields if source is None else fields | {"source": source}
        )
        return row._replace(fields=given)  # type: ignore[call-arg]  # it has some, so it is a Row

    return RowFiles(
        Passage, files, mapping, id_prefix=id_prefix, encoding=encoding, adjust=with_source
    )


def tell_of_samples() -> None:
    """Say that the fictional bank's passages answer too, where somebody's own stand beside them.

    A library's reader who has lost a card would be told to open the bank's app.
    """
    known = PASSAGES.known_so_far()
    samples = sum(passage.source == SAMPLES_SOURCE for passage in known)
    if 0 < samples < len(known):
        click.echo(
            f"The sample bank's {PASSAGES.counted(samples)} answer customers too. Remove them: "
            f"`textwire knowledge remove --source {SAMPLES_SOURCE}`.",
            err=True,
        )


def sync(files: RowFiles[Passage], source: str | None, *, skip_bad: bool, dry_run: bool) -> None:
    """Make what is known of the files' sources equal to the files.

    What comes is sent before what goes is deleted, so that no question finds neither.

    Raises: DataFileError: naming rows that cannot be used; BrokerUnavailable.
    """
    from textwire.rows.syncing import fingerprint, plan_sync

    wanted: dict[str, Fingerprint] = {}
    sources = {source} if source is not None else {source_of(path) for path in files.paths}

    def note(passage: Passage) -> None:
        wanted[passage.id] = fingerprint(passage)
        sources.add(passage.source or "")

    screening = files.judged(PASSAGES.one, skip_bad=skip_bad, look=note)
    plan = plan_sync(wanted, _known_so_far(), sources)
    told = _told(plan, sources, screening.repeats)
    if dry_run:
        _name_changes(plan, files)
        click.echo(f"Nothing was sent. A sync would have {told}.")
        return
    if sent := plan.sent:
        PASSAGES.send(passage for passage in files.messages() if passage.id in sent)
    if plan.deleted:
        PASSAGES.delete(plan.deleted)
    click.echo(f"Synced {told}.")


def chosen(passages: Iterable[Passage], source: str | None, tag: str | None) -> list[Passage]:
    """The passages of a source and with a tag, where one is named; `""` is no source."""
    return [
        passage
        for passage in passages
        if (source is None or (passage.source or "") == source)
        and (tag is None or tag in passage.tags)
    ]


def remove_chosen(source: str | None, tag: str | None, confirm: Callable[[str], bool]) -> None:
    """Take away what is of a source and has a tag; everything where neither is named.

    Raises: DataFileError: there is nothing of that kind; click.Abort: not confirmed.
    """
    known = PASSAGES.read_topic()
    ids = [passage.id for passage in chosen(known.messages, source, tag)]
    if source is None and tag is None:
        ids.extend(
            key.decode() for key in known.unreadable if isinstance(key, bytes) and _is_text(key)
        )
        ids = list(dict.fromkeys(ids))
    which = _which(source, tag)
    if not ids:
        raise DataFileError(f"There is no passage{which}, so nothing was removed.")
    if not confirm(f"Remove {PASSAGES.counted(len(ids))}{which}?"):
        raise click.Abort
    PASSAGES.delete(ids)
    click.echo(f"Removed {PASSAGES.counted(len(ids))}{which}.")


def export(file: Path, source: str | None, tag: str | None, *, force: bool) -> None:
    """Write passages to a file that `load` and `sync` read again.

    Raises: DataFileError: there is nothing to write, a file of that name, or no way to write it.
    """
    from textwire.rows.writing import write_messages

    if file.exists() and not force:
        raise DataFileError(f"There is a file {file} already. Overwrite it with --force.")
    passages = chosen(PASSAGES.known(), source, tag)
    if not passages:
        raise DataFileError(f"There is no passage{_which(source, tag)}, so nothing was written.")
    write_messages(file, Passage, passages)
    click.echo(f"Wrote {PASSAGES.counted(len(passages))} to {file}.")


def _known_so_far() -> list[Passage]:
    try:
        return PASSAGES.known()
    except UnknownTopic:  # nothing was ever loaded
        return []


def _told(plan: SyncPlan[Passage], sources: Iterable[str], repeats: int) -> str:
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "removed": len(plan.removed),
        "unchanged": plan.unchanged,
    }
    names = ", ".join(f"`{readable(name)}`" for name in sorted(sources))
    told = f"{names}: " + ", ".join(f"{count:,} {what}" for what, count in counts.items())
    for other, count in plan.taken_over.items():
        told += f"; {count:,} of them taken over from `{readable(other)}`"
    if repeats:
        told += f"; {repeats:,} exact repeat{'s' if repeats > 1 else ''} left out"
    return told


def _name_changes(plan: SyncPlan[Passage], files: RowFiles[Passage]) -> None:
    headings = {passage.id: _heading(passage) for passage in _known_so_far()}
    sent = plan.sent
    headings |= {
        passage.id: _heading(passage) for passage in files.messages() if passage.id in sent
    }
    for mark, ids in (("+", plan.added), ("~", plan.changed), ("-", plan.removed)):
        for own_id in ids[:NAMED_CHANGES]:
            click.echo(f"{mark} {readable(own_id)}  {headings.get(own_id, '')}".rstrip())
        if len(ids) > NAMED_CHANGES:
            click.echo(f"{mark} and {len(ids) - NAMED_CHANGES:,} more")


def _heading(passage: Passage) -> str:
    return readable(cut(passage.question or passage.title or passage.text))


def _which(source: str | None, tag: str | None) -> str:
    of_source = (
        "" if source is None else f" of source `{readable(source)}`" if source else " of no source"
    )
    return of_source + ("" if tag is None else f" with tag `{readable(tag)}`")


def _is_text(key: bytes) -> bool:
    try:
        key.decode()
    except UnicodeDecodeError:
        return False
    return True
