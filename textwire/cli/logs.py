"""`textwire logs`: what the parts say."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import click

from textwire.cli._options import data_dir_option
from textwire.errors import StackError

LOOK_EVERY_S = 0.2


@click.command()
@data_dir_option
@click.argument("part", required=False)
@click.option("-f", "--follow", is_flag=True, help="Go on showing what comes, until Ctrl-C.")
@click.option("-n", "--lines", default=40, show_default=True, help="How many of the last lines.")
def logs(part: str | None, follow: bool, lines: int) -> None:
    """Show what a part said last, or all of them."""
    from textwire.settings import StackSettings, load
    from textwire.stack.logs import last_lines

    paths = _paths(load(StackSettings).data_dir.absolute() / "logs", part)
    begin_at = {path: path.stat().st_size for path in paths}
    for path in paths:
        for line in last_lines(path, lines).splitlines():
            click.echo(_labelled(path, line, paths))
    if follow:
        for path, line in _new_lines(begin_at):
            click.echo(_labelled(path, line, paths))


def _paths(folder: Path, part: str | None) -> list[Path]:
    found = sorted(folder.glob("*.log"))
    if not found:
        raise StackError(f"There are no logs in {folder}. `textwire up` starts what writes them.")
    chosen = [path for path in found if part in (None, path.stem)]
    if not chosen:
        names = ", ".join(path.stem for path in found)
        raise StackError(f"No part {part} has a log in {folder}; these have: {names}.")
    return chosen


def _labelled(path: Path, line: str, paths: list[Path]) -> str:
    return line if len(paths) == 1 else f"{click.style(f'{path.stem:<12}', fg='cyan')} {line}"


def _new_lines(read_to: dict[Path, int]) -> Iterator[tuple[Path, str]]:
    """Whole lines as they are written, for ever; a log that was emptied is read from its begin."""
    while True:
        for path, position in read_to.items():
            begin = position if path.stat().st_size >= position else 0
            text = _text_from(path, begin)
            read_to[path] = begin + len(text)
            yield from ((path, line) for line in text.decode(errors="replace").splitlines())
        time.sleep(LOOK_EVERY_S)


def _text_from(path: Path, begin: int) -> bytes:
    with path.open("rb") as log:
        log.seek(begin)
        text = log.read()
    return text[: text.rfind(b"\n") + 1]
